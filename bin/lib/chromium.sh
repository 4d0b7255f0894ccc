# shellcheck shell=bash
# The browser of the end-to-end tests. CHROMIUM names one, else it is `chromium`.

find_chromium() {
  if [[ -n ${CHROMIUM:-} ]]; then
    command -v "$CHROMIUM"
  else
    command -v chromium
  fi
}

ensure_chromium() {
  local found
  if found=$(find_chromium); then
    say ok "Chromium: $found"
  elif [[ -n ${CHROMIUM:-} ]]; then
    problem "CHROMIUM is $CHROMIUM, and no program is there. Correct it, or unset it"
    return 1
  else
    say install 'Chromium: the end-to-end tests drive it'
    debian_install chromium
  fi
}
