# shellcheck shell=bash
# promtool reads figures, alerts and their tests as Prometheus does. Its package brings the server along, which is not started
# for it; without promtool the tests read the figures themselves, say so, and the setup goes on.

ensure_promtool() {
  if command -v promtool >/dev/null; then
    say ok "promtool: $(command -v promtool)"
    return
  fi
  say install 'promtool: the tests check figures and alerts with it'
  # The package would start the server it brings.
  local policy=/usr/sbin/policy-rc.d made=
  if debian_possible && [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod +x "$policy" && made=yes
  fi
  debian_install prometheus || say note 'promtool is not there: the alerts are not checked'
  if [[ -n $made ]]; then as_root rm -f "$policy"; fi
}
