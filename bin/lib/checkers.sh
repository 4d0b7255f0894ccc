# shellcheck shell=bash
# Programs that say whether they would take what we hand out: promtool (figures, alerts and their tests) and Caddy (its file of
# deploy/). They are unpacked from Debian's packages into the cache: to install these would start servers. Where Debian has
# none, the tests that ask them are skipped, and say so.

readonly CHECKERS=(prometheus:promtool caddy:caddy)

# find_checker PROGRAM  prints where it is; fails without a word when it is nowhere.
find_checker() {
  local own=$KEYWRIGHT_CACHE/checkers/$1
  if [[ -x $own ]]; then echo "$own"; else command -v "$1"; fi
}

ensure_checkers() {
  local checker found status=0
  for checker in "${CHECKERS[@]}"; do
    if found=$(find_checker "${checker#*:}"); then
      say ok "${checker#*:}: $found"
    else
      fetch_checker "${checker%:*}" "${checker#*:}" || status=1
    fi
  done
  return "$status"
}

# fetch_checker PACKAGE PROGRAM
fetch_checker() {
  local folder status=0
  if debian_possible; then debian_refresh; fi
  if ! command -v apt-get >/dev/null || ! debian_offers "$1"; then
    say note "there is no package $1: what $2 would judge is not checked"
    return
  fi
  say install "$2: judges what is handed out, unpacked from the package $1"
  folder=$(mktemp -d)
  if (cd "$folder" && logged "$2" apt-get download "$1" && logged "$2" dpkg-deb -x "$1"_*.deb unpacked); then
    mkdir -p "$KEYWRIGHT_CACHE/checkers"
    cp "$folder/unpacked/usr/bin/$2" "$KEYWRIGHT_CACHE/checkers/"
  else
    status=1
  fi
  rm -rf "$folder"
  return "$status"
}
