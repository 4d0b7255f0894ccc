# shellcheck shell=bash
# Looks into the Debian package of a release: what lies in it and with which rights, what dpkg is told of it, and the scripts
# that root runs when it is installed and removed. cargo-deb makes most of that out of a few lines of server/Cargo.toml.

# What the package consists of, but for its pages: rights, owner, path.
readonly DEBIAN_PACKAGE_FILES='-rwxr-xr-x root/root ./usr/bin/keywright
-rw-r--r-- root/root ./usr/lib/systemd/system/keywright.service
-rw-r--r-- root/root ./usr/lib/sysusers.d/keywright.conf
-rw-r--r-- root/root ./etc/keywright/keywright.toml'
readonly DEBIAN_PACKAGE_PAGES=./usr/share/doc/keywright

# check_debian_package FILE VERSION  says every fault that it finds, and fails when there is one.
check_debian_package() {
  local file=$1 version=$2 faults=0 control
  control=$(mktemp -d) || return 1
  if ! dpkg-deb --control "$file" "$control/control" || ! dpkg-deb --contents "$file" >"$control/contents"; then
    rm -rf "$control"
    problem "$file is no Debian package"
    return 1
  fi
  # Rights, owner, path; a link's aim stays behind its path. cargo-deb writes numbers where others write root's name.
  sed -E -e 's/^(\S+) +(\S+) +\S+ +\S+ +\S+ +/\1 \2 /' -e 's|^(\S+) 0/0 |\1 root/root |' "$control/contents" >"$control/files"
  check_debian_files "$control/files"
  check_debian_control "$control/control" "$version"
  check_debian_scripts "$control/control"
  rm -rf "$control"
  if ((faults > 0)); then
    problem "the Debian package has faults: $faults. It is made by [package.metadata.deb] of server/Cargo.toml"
    return 1
  fi
  say ok "looked into ${file##*/}"
}

# One more fault of the package.
debian_fault() {
  problem "Debian package: $1"
  ((faults += 1))
}

check_debian_files() {
  local line path
  while read -r line; do
    grep -qxF -- "$line" "$1" || debian_fault "this is not in it, or with other rights: $line"
  done <<<"$DEBIAN_PACKAGE_FILES"
  for path in copyright LICENSE-APACHE; do
    grep -qxF -- "-rw-r--r-- root/root $DEBIAN_PACKAGE_PAGES/$path" "$1" || debian_fault "$path is not in it"
  done
  for path in "$KEYWRIGHT_ROOT"/docs/*.md "$KEYWRIGHT_ROOT"/docs/{operations,providers,second-factors}/*.md; do
    path=${path#"$KEYWRIGHT_ROOT/"}
    grep -qxF -- "-rw-r--r-- root/root $DEBIAN_PACKAGE_PAGES/$path" "$1" || debian_fault "$path is not in it"
  done
  while read -r line; do
    case $line in
      'drwxr-xr-x root/root '*) ;;
      '-rw-r--r-- root/root '"$DEBIAN_PACKAGE_PAGES"/*) ;;
      *) grep -qxF -- "$line" <<<"$DEBIAN_PACKAGE_FILES" || debian_fault "this does not belong there, or with other rights: $line" ;;
    esac
  done <"$1"
}

check_debian_control() {
  local control=$1/control field
  grep -qx 'Package: keywright' "$control" || debian_fault 'it is not called keywright'
  grep -qxE "Version: ${2//./\\.}-[0-9]+" "$control" || debian_fault "its version is not $2-1: $(grep '^Version:' "$control")"
  for field in Architecture Maintainer Description Installed-Size; do
    grep -qE "^$field: ." "$control" || debian_fault "it says no $field"
  done
  for field in libc6 ca-certificates systemd; do
    grep -E '^Depends:' "$control" | grep -qE "[ |]$field([ ,(|]|$)" || debian_fault "it does not depend on $field"
  done
  # dpkg asks before it writes over these, when somebody has changed them.
  [[ $(cat "$1/conffiles" 2>/dev/null) == /etc/keywright/keywright.toml ]] ||
    debian_fault '/etc/keywright/keywright.toml is not its only conffile'
  # Paths of the machine that built it help nobody, and tell of it.
  for field in "$KEYWRIGHT_ROOT" "${CARGO_TARGET_DIR:-}" /home/ /root/ /tmp/; do
    if [[ -n $field ]] && grep -rqP -- "(?<![\w./-])\Q$field\E" "$1"; then debian_fault "what dpkg is told names $field"; fi
  done
}

check_debian_scripts() {
  local name script
  for name in postinst prerm postrm; do
    script=$1/$name
    if [[ ! -x $script || $(stat -c %a "$script") != 755 ]]; then
      debian_fault "$name is not there, or nobody can run it"
      continue
    fi
    [[ $(head -n 1 "$script") == '#!/bin/sh' ]] || debian_fault "$name does not begin with #!/bin/sh"
    grep -qE '^set -e$' "$script" || debian_fault "$name goes on after a failure"
    sh -n "$script" || debian_fault "$name cannot be read by sh"
    if grep -qF '#DEBHELPER#' "$script"; then debian_fault "nothing was put in the place of #DEBHELPER# in $name"; fi
    if command -v shellcheck >/dev/null; then
      shellcheck --shell=sh --severity=warning "$script" >&2 || debian_fault "shellcheck finds faults in $name"
    fi
  done
  [[ -f $1/postinst ]] || return 0
  grep -qE 'systemd-sysusers .*keywright\.conf' "$1/postinst" || debian_fault 'postinst does not make the user keywright'
  grep -qE 'deb-systemd-invoke (\$_dh_action|try-restart|restart) ' "$1/postinst" ||
    debian_fault 'postinst does not start a running service anew after an upgrade'
  # What has no settings yet is not started.
  if grep -qE 'deb-systemd-invoke start|_dh_action=start' "$1/postinst"; then debian_fault 'postinst starts the service'; fi
  if grep -qsE 'rm .*(/var/lib|/etc)/keywright' "$1/postrm"; then debian_fault 'postrm removes what people entrusted'; fi
}
