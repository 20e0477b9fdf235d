# Rust, able to compile for the browser.
#
# Three cases: the toolchain has the Wasm target already; rustup may fetch it; or rustup must not download (it is told
# so by RUSTUP_AUTO_INSTALL=0), and Debian's own Rust is used, whose Wasm standard library is built here from the
# sources Debian ships.

wasm_target=wasm32-unknown-unknown
debian_packages=(rustc-web cargo-web rust-web-src rust-web-llvm)

ensure_rust() {
  # A note of an earlier setup may name a toolchain that has gone since.
  if [ -s var/toolchain ] && ! rustc -V >/dev/null 2>&1; then
    rm -f var/toolchain
    unset RUSTUP_TOOLCHAIN
  fi
  have cargo && have rustc && return 0
  have_debian_rust_offer || stop "Rust is missing" "Install it from https://rustup.rs, then start again."
}

# wasm_library COMPILER: prints the folder of the target's standard library, there or not.
wasm_library() {
  "$1" --print target-libdir --target "$wasm_target" 2>/dev/null
}

# A folder that notes another compiler than today's was built here for one that has been updated since.
wasm_library_fits() {
  local compiler=$1 folder
  folder=$(wasm_library "$compiler") || return 1
  compgen -G "$folder/libstd-*.rlib" >/dev/null || return 1
  [ ! -e "$folder/built-by" ] || [ "$(cat "$folder/built-by")" = "$("$compiler" -V)" ]
}

ensure_wasm_target() {
  if have rustc && wasm_library_fits rustc; then return 0; fi

  if have rustup && [ "${RUSTUP_TOOLCHAIN:-}" != debian ] && [ "${RUSTUP_AUTO_INSTALL:-}" != 0 ]; then
    if step "having rustup fetch Rust's Wasm target" rustup target add "$wasm_target"; then return 0; fi
  fi
  use_debian_rust
}

have_debian_rust_offer() {
  [ -x /usr/bin/rustc ] || { have apt-cache && [ -n "$(apt-cache search --names-only '^rustc-web$' 2>/dev/null)" ]; }
}

use_debian_rust() {
  if ! wasm_library_fits /usr/bin/rustc; then
    if ! may_install; then
      stop "this Rust cannot compile for the browser" \
        "With rustup:  rustup target add $wasm_target" \
        "On Debian:    run bin/setup once as root; it installs ${debian_packages[*]} and builds the target"
    fi
    install_debian_rust
    step "building Rust's standard library for the browser" build_wasm_library
  fi
  if have rustup; then
    rustup toolchain list | grep -q '^debian\b' || rustup toolchain link debian /usr
  fi
  mkdir -p var
  echo debian >var/toolchain
  export RUSTUP_TOOLCHAIN=debian
}

install_debian_rust() {
  local missing
  missing=$(missing_packages "${debian_packages[@]}")
  if [ -n "$missing" ]; then
    step "asking which packages there are" apt_get update
    # shellcheck disable=SC2086 # several packages
    step "installing Debian's Rust ($missing)" apt_get install $missing
  fi
  # Debian's rust-lld is a link to an lld of a certain version, which no package brings along.
  if [ ! -e /usr/bin/rust-lld ]; then
    step "installing its linker" apt_get install "$(basename "$(readlink /usr/bin/rust-lld)")"
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done | xargs
}

build_wasm_library() {
  local work result=0
  work=$(mktemp -d)
  build_wasm_library_in "$work" || result=1
  rm -rf "$work"
  return "$result"
}

build_wasm_library_in() {
  local work=$1 library parts
  mkdir "$work/src"
  touch "$work/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"

  # None of the caller's flags: they would make a library that fits only builds with the same ones. And the compiler
  # is named, because the first one in PATH may be rustup's.
  (
    cd "$work"
    env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_RUSTFLAGS -u RUSTC_WRAPPER -u CARGO_BUILD_TARGET \
      -u RUSTUP_TOOLCHAIN \
      RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" \
      /usr/bin/cargo build --release --target "$wasm_target" \
      -Zbuild-std=core,alloc,std,panic_abort,proc_macro,test -Zbuild-std-features=panic-unwind,backtrace
  ) || return 1

  parts="$work/parts"
  mkdir "$parts"
  find "$work/target/$wasm_target/release/deps" -name 'lib*.r*' ! -name 'libempty-*' -exec cp {} "$parts" \; || return 1
  /usr/bin/rustc -V >"$parts/built-by"
  chmod -R a+rX "$parts"

  # Moved into place whole, so that an interrupted setup leaves nothing that looks finished.
  library=$(wasm_library /usr/bin/rustc)
  as_root mkdir -p "$(dirname "$library")" || return 1
  as_root rm -rf "$library" "$library.new" || return 1
  as_root cp -r "$parts" "$library.new" || return 1
  as_root mv "$library.new" "$library"
}

# clippy and rustfmt of the very toolchain that compiles.
ensure_rust_checkers() {
  local tools missing=()
  tools=$(rustc --print sysroot)/bin
  [ -x "$tools/cargo-clippy" ] || missing+=(clippy)
  [ -x "$tools/cargo-fmt" ] || missing+=(rustfmt)
  [ ${#missing[@]} -gt 0 ] || return 0

  if [ "${RUSTUP_TOOLCHAIN:-}" = debian ]; then
    may_install || stop "Rust's checkers are missing" "sudo apt-get install rust-web-clippy rustfmt-web"
    step "installing Rust's checkers" apt_get install rust-web-clippy rustfmt-web
  elif have rustup && [ "${RUSTUP_AUTO_INSTALL:-}" != 0 ]; then
    step "having rustup fetch Rust's checkers" rustup component add "${missing[@]}"
  else
    stop "Rust's checkers are missing" "rustup component add ${missing[*]}"
  fi
}
