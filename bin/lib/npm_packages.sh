# shellcheck shell=bash
# npm's packages: for end2end/ Playwright and axe, a mail server and its certificates; for the sample of Express what it
# is built on.

ensure_npm_packages() {
  local major
  if ! major=$(node --version 2>/dev/null) || ! command -v npm >/dev/null; then
    problem 'Node is missing. Install Node 20 or newer, with npm: https://nodejs.org'
    return 1
  fi
  major=${major#v}
  if ((${major%%.*} < 20)); then
    problem "Node $major is too old: install Node 20 or newer"
    return 1
  fi
  npm_packages_of end2end 'Playwright and axe test the pages, smtp-server the mails' || return 1
  npm_packages_of docs/samples/express 'the tests run this sample of a service'
}

# npm_packages_of FOLDER WHAT-FOR
npm_packages_of() {
  local folder=$KEYWRIGHT_ROOT/$1 stamp lock
  stamp=$folder/node_modules/.installed-from
  lock=$(cd "$folder" && sha256sum package.json package-lock.json) || return 1
  if [[ $(cat "$stamp" 2>/dev/null) == "$lock" ]]; then
    say ok "npm packages of $1"
    return
  fi
  say install "npm packages of $1: $2"
  # Debian's Chromium is used: no browser is fetched. No package runs a script of its own here.
  (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm_config_cache=$KEYWRIGHT_CACHE/npm \
    logged npm-ci npm ci --ignore-scripts --no-audit --no-fund) || return 1
  printf '%s\n' "$lock" >"$stamp"
}
