# The system's packages: collected by the want_… functions, installed together.

setup_did_something=no
wanted_packages=()
wanted_for=()

say() {
  echo "setup: $*" >&2
}

stop() {
  echo >&2
  echo "setup: $1" >&2
  shift
  printf '  %s\n' "$@" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

spoken_seconds() {
  if [ "$1" -lt 60 ]; then echo "$1 s"; else printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60)); fi
}

# Runs a long step: says what it does, and how long it took. Its output is shown only if it fails.
step() {
  local what=$1 began=$SECONDS log
  shift
  setup_did_something=yes
  log=$(mktemp)
  say "$what …"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    say "failed: $what"
    return 1
  fi
  rm -f "$log"
  say "  done in $(spoken_seconds $((SECONDS - began)))"
}

may_install() {
  have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold "$@"
}

# want "what for" package…
want() {
  wanted_for+=("$1")
  shift
  wanted_packages+=("$@")
}

want_c_compiler() {
  have cc || want "a C compiler and linker" gcc libc6-dev
}

install_what_is_wanted() {
  [ ${#wanted_packages[@]} -gt 0 ] || return 0
  if ! may_install; then
    stop "these are missing: $(printf '%s; ' "${wanted_for[@]}")" \
      "On Debian or Ubuntu:  sudo apt-get install ${wanted_packages[*]}" \
      "On macOS:             xcode-select --install; brew install postgresql@17 node" \
      "Elsewhere, install the same with the system's own package manager, then start again."
  fi
  step "asking which packages there are" apt_get update
  keep_postgres_from_starting
  step "installing ${wanted_packages[*]}" apt_get install "${wanted_packages[@]}"
}
