# shellcheck shell=bash
# What judges deploy/, where what is there cannot be run: hadolint for the Dockerfile, the schemas of Kubernetes for its
# manifests (both from PyPI, by their digests), and systemd-analyze for the unit. Without them their tests are skipped, and say
# so.

# Prints the folder of the programs of PyPI; fails without a word when they are not there.
find_deploy_linters() {
  local folder=$KEYWRIGHT_CACHE/deploy-linters/bin
  [[ -x $folder/hadolint && -x $folder/kubernetes-validate ]] || return 1
  [[ $(cat "$folder/../.installed-from" 2>/dev/null) == "$(python3 --version && cat "$KEYWRIGHT_ROOT/bin/lib/deploy_linters.txt")" ]] || return 1
  printf '%s\n' "$folder"
}

ensure_deploy_linters() {
  if ! command -v systemd-analyze >/dev/null; then
    say install 'systemd: systemd-analyze judges the unit of deploy/systemd'
    debian_install systemd || say note 'the unit of deploy/systemd is not judged'
  fi
  local folder=$KEYWRIGHT_CACHE/deploy-linters need=$KEYWRIGHT_ROOT/bin/lib/deploy_linters.txt
  if find_deploy_linters >/dev/null; then
    say ok 'linters of deploy/'
    return
  fi
  if [[ $(uname -m) != x86_64 ]] || ! python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    say note 'no python3 of version 3.11 on x86_64, which their digests are of: the image and the manifests of deploy/ are not judged'
    return
  fi
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    debian_install python3-venv || true # what is missing then, the next step says
  fi
  say install 'linters of deploy/: hadolint, and the schemas of Kubernetes'
  rm -rf "$folder"
  if ! logged deploy-linters-venv python3 -m venv "$folder" ||
    ! logged deploy-linters-pip "$folder/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps \
      --require-hashes --only-binary=:all: --cache-dir "$KEYWRIGHT_CACHE/pip" --requirement "$need"; then
    say note 'the image and the manifests of deploy/ are not judged'
    return
  fi
  (python3 --version && cat "$need") >"$folder/.installed-from"
}
