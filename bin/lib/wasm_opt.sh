# shellcheck shell=bash
# wasm-opt makes the release build's WASM smaller. It comes from npm: Debian 12's (version 108)
# exports the wrong one of two tables, and the page then fails to start.

readonly NPM_BINARYEN_VERSION=132.0.0

ensure_wasm_opt() {
  local version=${NPM_BINARYEN_VERSION%%.*}
  if command -v wasm-opt >/dev/null && [[ $(wasm-opt --version) == *"version $version"* ]]; then
    say ok "$(wasm-opt --version)"
  else
    wasm_opt_from_npm
  fi
}

wasm_opt_from_npm() {
  say install "binaryen $NPM_BINARYEN_VERSION from npm: wasm-opt makes the WASM of the release smaller"
  local folder=$KEYWRIGHT_CACHE/binaryen
  mkdir -p "$folder" "$CARGO_BIN"
  # In the folder, not by --prefix: that would turn off a proxy or certificate of npm's settings.
  echo '{ "private": true }' >"$folder/package.json"
  (cd "$folder" && npm_config_cache=$KEYWRIGHT_CACHE/npm \
    logged wasm-opt npm install --no-save --no-audit --no-fund "binaryen@$NPM_BINARYEN_VERSION") || return 1
  ln -sf "$folder/node_modules/binaryen/bin/wasm-opt" "$CARGO_BIN/wasm-opt"
  hash -r
  wasm-opt --version >/dev/null
}
