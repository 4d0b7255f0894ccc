# shellcheck shell=bash
# The proxies of deploy/: nginx is run by the tests, on ports of their own; Caddy only says whether it takes its file.

# For everybody but root it is not in the path.
find_proxy() { PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$1"; }

ensure_nginx() {
  local found
  if found=$(find_proxy nginx); then
    say ok "nginx: $found"
    return
  fi
  say install 'nginx: the tests run the program behind it'
  debian_install nginx
}

# Without it one test less has something to say.
ensure_caddy() {
  local found
  if found=$(find_proxy caddy); then
    say ok "Caddy: $found"
  else
    say note 'Caddy is not installed: deploy/caddy/Caddyfile is not checked (apt-get install caddy)'
  fi
}
