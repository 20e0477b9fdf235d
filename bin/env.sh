# Sourced by the scripts here, and by you before calling cargo yourself: `. bin/env.sh`
# Gives every cargo call the same toolchain and the same variables, so that nothing is compiled twice.

cadence_root=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd)

# Installed by rustup a moment ago, perhaps, in a shell that has not noticed.
if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi

# bin/setup notes the toolchain it found able to compile for the browser, when that is not the usual one.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -s "$cadence_root/var/toolchain" ]; then
  RUSTUP_TOOLCHAIN=$(cat "$cadence_root/var/toolchain")
  export RUSTUP_TOOLCHAIN
fi

# The queries are checked against the committed .sqlx, so no database is needed to compile.
export SQLX_OFFLINE="${SQLX_OFFLINE:-true}"

case "${CARGO_TARGET_DIR:-}" in
  "") cadence_target="$cadence_root/target" ;;
  /*) cadence_target="$CARGO_TARGET_DIR" ;;
  *) cadence_target="$cadence_root/$CARGO_TARGET_DIR" ;;
esac
