# shellcheck shell=bash
# nginx with its configuration of deploy/ is run by the tests, on ports of their own.

ensure_nginx() {
  local found
  # For everybody but root it is not in the path.
  if found=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx); then
    say ok "nginx: $found"
    return
  fi
  say install 'nginx: the tests run the program behind it'
  debian_install nginx
}
