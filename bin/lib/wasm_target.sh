# shellcheck shell=bash
# The standard library for wasm32, which the browser part is built with.
#
# The common way is rustup's. Where rustup cannot fetch it, Debian's newer compiler
# takes over, for both parts: its source package holds the standard library, which is
# built once (a minute) and put beside the compiler. KEYWRIGHT_WASM_FALLBACK=1 forces that.

readonly WASM=wasm32-unknown-unknown
readonly DEBIAN_COMPILER=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22)

# For a script that goes on to call cargo, once bin/setup is done.
use_wasm_toolchain() {
  if [[ ${KEYWRIGHT_WASM_FALLBACK:-} == 1 ]]; then
    export RUSTUP_TOOLCHAIN=system
  fi
  export -n KEYWRIGHT_WASM_FALLBACK # as in paths.sh
}

ensure_wasm_target() {
  if [[ ${KEYWRIGHT_WASM_FALLBACK:-} == 1 ]]; then
    wasm_target_from_debian
    return
  fi
  if wasm_target_ready; then
    say ok "$WASM: $(rustc --version | cut -d' ' -f1-2) has it"
    return
  fi
  say install "$WASM: the browser part is built for it"
  if logged wasm-target rustup target add "$WASM"; then
    return
  fi
  say note "rustup cannot fetch it here: Debian's compiler takes over"
  wasm_target_from_debian || return 1
  # So that a plain `cargo leptos watch` in this clone finds it, too.
  logged rustup-override rustup override set system --path "$KEYWRIGHT_ROOT" || return 1
  say note "this clone now builds with Debian's compiler (undo: rustup override unset)"
}

# The compiler in use finds a standard library that was built by exactly this compiler.
wasm_target_ready() {
  local lib
  lib=$(rustc --print target-libdir --target "$WASM" 2>/dev/null) || return 1
  compgen -G "$lib/libstd-*.rlib" >/dev/null || return 1
  [[ $(rustc --print sysroot) != /usr ]] || [[ $(cat "$lib/built-by" 2>/dev/null) == "$(rustc -vV)" ]]
}

wasm_target_from_debian() {
  local package missing=()
  for package in "${DEBIAN_COMPILER[@]}"; do
    debian_has "$package" || missing+=("$package")
  done
  if ((${#missing[@]} > 0)); then
    say install "Debian's compiler: ${missing[*]}"
    debian_install "${missing[@]}" || return 1
  fi

  if ! command -v rustup >/dev/null; then
    problem 'rustup is needed to choose between two compilers: https://rustup.rs'
    return 1
  fi
  if ! rustup run system rustc --version >/dev/null 2>&1; then
    logged rustup-link rustup toolchain link system /usr || return 1
  fi
  export RUSTUP_TOOLCHAIN=system
  if [[ $(rustc --print sysroot) != /usr ]]; then
    problem "rustup's toolchain 'system' is not the one in /usr. Run: rustup toolchain uninstall system"
    return 1
  fi

  if wasm_target_ready; then
    say ok "$WASM: Debian's $(rustc --version | cut -d' ' -f1-2) has it"
  else
    say install "$WASM: building the standard library from its source (about a minute)"
    build_wasm_std && install_wasm_std
  fi
}

build_wasm_std() {
  local crate=$KEYWRIGHT_CACHE/wasm-std
  rm -rf "$crate"
  mkdir -p "$crate/src"
  : >"$crate/src/lib.rs"
  printf '%s\n' '[package]' 'name = "empty"' 'version = "0.0.0"' 'edition = "2021"' '[workspace]' >"$crate/Cargo.toml"
  # RUSTC_BOOTSTRAP: a stable compiler refuses -Z otherwise.
  logged wasm-std env -u RUSTFLAGS -u CARGO_BUILD_TARGET RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$crate/target" \
    cargo build --manifest-path "$crate/Cargo.toml" --release --target "$WASM" \
    -Z build-std=std,panic_abort,panic_unwind,proc_macro
}

install_wasm_std() {
  local lib library libraries=()
  lib=$(rustc --print target-libdir --target "$WASM") || return 1
  for library in "$KEYWRIGHT_CACHE/wasm-std/target/$WASM/release/deps/"*.rlib; do
    [[ ${library##*/} == libempty-* ]] || libraries+=("$library")
  done
  rustc -vV >"$KEYWRIGHT_CACHE/wasm-std/built-by"
  if ! as_root mkdir -p "$lib" ||
    ! as_root find "$lib" -name '*.rlib' -delete ||
    ! as_root install -m 644 "${libraries[@]}" "$KEYWRIGHT_CACHE/wasm-std/built-by" "$lib"; then
    problem "only root can put the standard library for $WASM into $lib"
    return 1
  fi
  rm -rf "$KEYWRIGHT_CACHE/wasm-std"
  wasm_target_ready || {
    problem "the standard library for $WASM was built, but the compiler does not find it in $lib"
    return 1
  }
}
