# What only the tests need: Node, three browsers' engines, the npm packages.

want_node() {
  node_is_new_enough && have npm || want "Node 20 or newer, with npm" nodejs npm
}

node_is_new_enough() {
  local version
  have node || return 1
  version=$(node --version)
  version=${version#v}
  [ "${version%%.*}" -ge 20 ]
}

want_browsers() {
  have chromium || [ -x "${CHROMIUM:-}" ] || want "Chromium" chromium
  have firefox-esr || want "Firefox" firefox-esr
  have WebKitWebDriver || want "WebKit, the engine of Safari" webkit2gtk-driver
  have xvfb-run || want "a screen for WebKit to draw on" xvfb xauth
  have dbus-run-session || want "the message bus WebKit waits for" dbus
}

ensure_npm_packages() {
  node_is_new_enough || stop "Node $(node --version 2>/dev/null || echo) is too old" \
    "Node 20 or newer is needed; see https://nodejs.org/en/download"
  local lock installed=end2end/node_modules/.installed-lock
  lock=$(cksum <end2end/package-lock.json)
  if [ -f "$installed" ] && [ "$(cat "$installed")" = "$lock" ]; then return 0; fi
  step "installing the npm packages of end2end" install_npm_packages
  echo "$lock" >"$installed"
}

install_npm_packages() {
  # The browsers are the system's own; the packages' downloads of theirs are not wanted.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1 npm --prefix end2end ci
}
