# shellcheck shell=bash
# cargo-deb, which makes the Debian package of a release. Only bin/release needs it; it is built once a machine.

readonly CARGO_DEB_VERSION=3.8.0

ensure_cargo_deb() {
  local have
  have=$(cargo-deb --version 2>/dev/null | awk '{ print $NF }') || true
  if [[ $have == "$CARGO_DEB_VERSION" ]]; then
    say ok "cargo-deb $have"
    return
  fi
  say install "cargo-deb $CARGO_DEB_VERSION${have:+ instead of $have}: makes the Debian package (about 3 minutes on two cores)"
  # Without its own xz: that of the system compresses.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo_install cargo-deb --version "$CARGO_DEB_VERSION" --locked --no-default-features
}

# What it calls: for the libraries that the program needs, and to compress.
ensure_debian_tools() {
  local missing=()
  command -v dpkg-shlibdeps >/dev/null || missing+=(dpkg-dev)
  command -v xz >/dev/null || missing+=(xz-utils)
  if ((${#missing[@]} == 0)); then return; fi
  say install "${missing[*]}: for the Debian package"
  debian_install "${missing[@]}"
}
