# shellcheck shell=bash
# The npm packages of end2end/: Playwright and axe, a mail server and its certificates.

ensure_npm_packages() {
  local folder=$KEYWRIGHT_ROOT/end2end major stamp lock
  if ! major=$(node --version 2>/dev/null) || ! command -v npm >/dev/null; then
    problem 'Node is missing. Install Node 20 or newer, with npm: https://nodejs.org'
    return 1
  fi
  major=${major#v}
  if ((${major%%.*} < 20)); then
    problem "Node $major is too old: install Node 20 or newer"
    return 1
  fi
  stamp=$folder/node_modules/.installed-from
  lock=$(cd "$folder" && sha256sum package.json package-lock.json) || return 1
  if [[ $(cat "$stamp" 2>/dev/null) == "$lock" ]]; then
    say ok 'npm packages of end2end'
    return
  fi
  say install 'npm packages of end2end: Playwright and axe test the pages, smtp-server the mails'
  # Debian's Chromium is used: no browser is fetched.
  (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm_config_cache=$KEYWRIGHT_CACHE/npm \
    logged npm-ci npm ci --no-audit --no-fund) || return 1
  printf '%s\n' "$lock" >"$stamp"
}
