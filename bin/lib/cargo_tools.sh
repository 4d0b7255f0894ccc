# shellcheck shell=bash
# cargo-leptos and wasm-bindgen, built once a machine and put where cargo puts its tools.

# 0.3.11 demands a newer compiler than this workspace does.
readonly CARGO_LEPTOS_VERSION=0.3.10

cargo_install() {
  local name=$1
  shift
  # Outside the clone: another clone, or a newer version, starts warm.
  CARGO_TARGET_DIR=$KEYWRIGHT_CACHE/tools-target CARGO_INCREMENTAL=0 \
    logged "$name" cargo install "$name" --force "$@"
}

ensure_cargo_leptos() {
  local have
  have=$(cargo-leptos --version 2>/dev/null | awk '{ print $2 }') || true
  if [[ $have == "$CARGO_LEPTOS_VERSION" ]]; then
    say ok "cargo-leptos $have"
    return
  fi
  local missing=() # its OpenSSL is built from source
  command -v make >/dev/null || missing+=(make)
  perl -MFindBin -MIPC::Cmd -e 1 2>/dev/null || missing+=(perl)
  if ((${#missing[@]} > 0)); then
    say install "${missing[*]}: to build cargo-leptos"
    debian_install "${missing[@]}" || return 1
  fi
  say install "cargo-leptos $CARGO_LEPTOS_VERSION${have:+ instead of $have}: builds server and browser part together (about 7 minutes on two cores)"
  # Its release profile takes five times as long and would gain us nothing.
  CARGO_PROFILE_DEV_DEBUG=0 \
    cargo_install cargo-leptos --version "$CARGO_LEPTOS_VERSION" --locked --debug
}

ensure_wasm_bindgen() {
  local lock=$KEYWRIGHT_ROOT/Cargo.lock need have
  if [[ ! -f $lock ]]; then
    problem 'Cargo.lock is missing, and with it the version of wasm-bindgen. Run: git checkout Cargo.lock'
    return 1
  fi
  need=$(awk -F'"' '/^name = / { name = $2 } /^version = / && name == "wasm-bindgen" { print $2; exit }' "$lock")
  if [[ -z $need ]]; then
    problem 'Cargo.lock names no wasm-bindgen. Run: git checkout Cargo.lock'
    return 1
  fi
  have=$(wasm-bindgen --version 2>/dev/null | awk '{ print $2 }') || true
  if [[ $have == "$need" ]]; then
    say ok "wasm-bindgen $have"
    return
  fi
  say install "wasm-bindgen $need${have:+ instead of $have}: must equal the one in Cargo.lock (about 4 minutes on two cores)"
  # It runs at every build, so it is optimised a little. Its own lock is not always resolvable.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo_install wasm-bindgen-cli --version "$need"
}
