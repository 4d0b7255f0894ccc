# shellcheck shell=bash
# wasm-opt makes the release build's WASM smaller. Debian's does; npm's where apt cannot be used.

readonly NPM_BINARYEN_VERSION=132.0.0

ensure_wasm_opt() {
  if command -v wasm-opt >/dev/null; then
    say ok "$(wasm-opt --version)"
  elif debian_possible; then
    say install 'binaryen from Debian: wasm-opt makes the WASM of the release smaller'
    debian_install binaryen || wasm_opt_from_npm
  else
    wasm_opt_from_npm
  fi
}

wasm_opt_from_npm() {
  say install 'binaryen from npm: wasm-opt makes the WASM of the release smaller'
  local folder=$KEYWRIGHT_CACHE/binaryen
  mkdir -p "$folder" "$CARGO_BIN"
  # In the folder, not by --prefix: that would turn off a proxy or certificate of npm's settings.
  echo '{ "private": true }' >"$folder/package.json"
  (cd "$folder" && npm_config_cache=$KEYWRIGHT_CACHE/npm \
    logged wasm-opt npm install --no-save --no-audit --no-fund "binaryen@$NPM_BINARYEN_VERSION") || {
    debian_wanted+=(binaryen)
    return 1
  }
  ln -sf "$folder/node_modules/binaryen/bin/wasm-opt" "$CARGO_BIN/wasm-opt"
  wasm-opt --version >/dev/null
}
