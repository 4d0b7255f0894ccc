# shellcheck shell=bash
# promtool reads figures, alerts and their tests as Prometheus does. It is unpacked from Debian's package into the cache: to
# install that would start a server. Without promtool the tests read the figures by themselves, and say that they did.

# Prints where it is.
find_promtool() {
  local own=$KEYWRIGHT_CACHE/promtool/usr/bin/promtool
  if [[ -x $own ]]; then echo "$own"; else command -v promtool; fi
}

ensure_promtool() {
  local found folder
  if found=$(find_promtool); then
    say ok "promtool: $found"
    return
  fi
  if ! command -v apt-get >/dev/null; then
    say note 'no promtool: the alerts are not checked'
    return
  fi
  say install 'promtool: the tests check figures and alerts with it'
  if debian_possible; then debian_refresh; fi
  folder=$(mktemp -d)
  if (cd "$folder" && logged promtool apt-get download prometheus && logged promtool dpkg -x prometheus_*.deb unpacked); then
    rm -rf "$KEYWRIGHT_CACHE/promtool"
    mkdir -p "$KEYWRIGHT_CACHE/promtool/usr/bin"
    cp "$folder/unpacked/usr/bin/promtool" "$KEYWRIGHT_CACHE/promtool/usr/bin/"
  else
    say note 'no promtool: the alerts are not checked'
  fi
  rm -rf "$folder"
}
