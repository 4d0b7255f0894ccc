# shellcheck shell=bash
# The Rust compiler itself, and its formatter and linter.

ensure_rust() {
  if ! command -v cargo >/dev/null; then
    problem 'Rust is missing. Install rustup with its stable toolchain: https://rustup.rs'
    return 1
  fi
  local need have
  need=$(awk -F'"' '/^rust-version *=/ { print $2; exit }' "$KEYWRIGHT_ROOT/Cargo.toml")
  have=$(rustc --version | awk '{ print $2 }') || return 1
  if [[ $(printf '%s\n' "$need" "$have" | sort -V | head -n 1) != "$need" ]]; then
    problem "Rust $have is too old, $need or newer is needed. Run: rustup update stable"
    return 1
  fi
  say ok "Rust $have"

  if command -v cc >/dev/null; then
    say ok "C compiler: $(command -v cc)"
  else
    say install 'a C compiler: cryptography and SQLite are built from C'
    debian_install gcc libc6-dev
  fi
}

ensure_cxx() {
  if command -v c++ >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null; then
    say ok 'C++ compiler'
  else
    say install 'a C++ compiler: the fuzzer is built from C++'
    debian_install g++
  fi
}

ensure_formatter_and_linter() {
  if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then
    say ok 'rustfmt and clippy'
  elif [[ $(rustc --print sysroot) == /usr ]]; then
    say install 'rustfmt and clippy from Debian, for Debian'\''s compiler'
    debian_install rustfmt-web rust-web-clippy
  else
    say install 'rustfmt and clippy'
    logged rustup-component rustup component add rustfmt clippy
  fi
}
