# shellcheck shell=bash
# Debian's packages. Only root may install them: directly, or through sudo.

debian_possible() {
  command -v apt-get >/dev/null && { ((EUID == 0)) || command -v sudo >/dev/null; }
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@" # nobody is there to type a password
  fi
}

debian_has() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

debian_offers() { apt-cache show "$1" >/dev/null 2>&1; }

# The package lists are fetched once a run, and only when something must be installed.
debian_refresh() {
  [[ -z ${debian_refreshed:-} ]] || return 0
  debian_refreshed=yes
  # A foreign source that does not answer must not stop the rest.
  logged apt-update as_root apt-get update || problem 'apt-get update failed; going on with the old lists'
}

# What could not be installed, for one line of advice at the end.
debian_wanted=()

# debian_install PACKAGE…  never removes anything to make room.
debian_install() {
  if ! debian_possible; then
    debian_wanted+=("$@")
    problem "only root can install $*"
    return 1
  fi
  if ((EUID != 0)) && [[ -t 0 ]]; then
    sudo -v || true # asks for the password here: below, the input is closed
  fi
  debian_refresh
  logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends --no-remove "$@" || {
    debian_wanted+=("$@")
    return 1
  }
}
