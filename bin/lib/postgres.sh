# shellcheck shell=bash
# A PostgreSQL of its own for the tests: a fresh cluster in a temporary folder, gone afterwards. It is reached by a Unix
# socket there, and over TLS by who comes from this machine with a certificate. It never touches another server.

# Prints the folder of initdb and pg_ctl, the newest version's.
find_postgres() {
  local initdb
  initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
  [[ -n $initdb ]] || initdb=$(command -v initdb) || return 1
  dirname "$initdb"
}

ensure_postgres() {
  local found
  if found=$(find_postgres); then
    say ok "PostgreSQL: $found"
    return
  fi
  say install 'PostgreSQL: the tests run on it as well as on SQLite'
  if debian_possible; then debian_refresh; fi
  if debian_offers postgresql-15; then
    debian_install postgresql-15
  else
    debian_install postgresql
  fi
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if ((EUID == 0)); then
    (cd / && runuser -u "$postgres_owner" -- "$@")
  else
    "$@"
  fi
}

# Prints where the databases of tests lie: in memory, when four gigabytes of it are offered as a folder. Nothing of them
# has to outlive a power cut.
folder_of_test_databases() {
  local free
  free=$(df --output=avail -BM /dev/shm 2>/dev/null | tail -n 1 | tr -dc 0-9) || true
  if ((${free:-0} >= 4096)) && [[ -w /dev/shm ]]; then echo /dev/shm; else echo /tmp; fi
}

# Exports KEYWRIGHT_TEST_POSTGRES_URL. One that is set already is left alone.
start_test_postgres() {
  if [[ -n ${KEYWRIGHT_TEST_POSTGRES_URL:-} ]]; then
    say ok 'PostgreSQL: the one that KEYWRIGHT_TEST_POSTGRES_URL names'
    return
  fi
  postgres_bin=$(find_postgres) || {
    problem 'PostgreSQL is not installed. Run: bin/setup'
    return 1
  }
  postgres_owner=nobody
  if id postgres >/dev/null 2>&1; then postgres_owner=postgres; fi
  # Not TMPDIR: the path of a socket must be short, and the other user must reach it.
  postgres_folder=$(mktemp -d "$(folder_of_test_databases)/keywright-postgres.XXXXXX") || return 1
  if ((EUID == 0)); then chown "$postgres_owner" "$postgres_folder"; fi

  # Everybody is believed, but for the group of those whose password a story changes; over a network only a certificate is.
  if ! logged initdb as_postgres "$postgres_bin/initdb" -D "$postgres_folder/data" --no-sync \
    --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 ||
    ! as_postgres sed -i -e '/^host/d' -e '1i local all +keywright_asked scram-sha-256' \
      -e '1i hostssl all all 127.0.0.1/32 cert' "$postgres_folder/data/pg_hba.conf" ||
    ! give_postgres first.pem server.crt || ! give_postgres first.key.pem server.key ||
    ! give_postgres authority.pem root.crt ||
    ! launch_test_postgres; then
    tail -n 20 "$postgres_folder/server.log" >&2 2>/dev/null || true
    stop_test_postgres
    return 1
  fi
  export KEYWRIGHT_TEST_POSTGRES_URL="postgres://postgres@localhost:$postgres_port/postgres?host=$postgres_folder"
  say ok "PostgreSQL: started in $postgres_folder"
}

# Puts a certificate of the tests or its key where PostgreSQL takes it: from its own user's files.
give_postgres() {
  local owner=()
  if ((EUID == 0)); then owner=(--owner="$postgres_owner"); fi
  install --mode=600 "${owner[@]}" "$KEYWRIGHT_ROOT/auth/tests/certificates/$1" "$postgres_folder/data/$2"
}

# Starts it at a port that is free, below those that the system gives to programs; another one may have taken it.
launch_test_postgres() {
  # Lost on a power cut, and fast: right for a test, and only for a test.
  local options="-k $postgres_folder -c listen_addresses=127.0.0.1 -c max_connections=300"
  options+=' -c ssl=on -c ssl_ca_file=root.crt -c fsync=off -c synchronous_commit=off -c full_page_writes=off'
  for postgres_port in $(shuf --input-range=20000-29999 --head-count=5); do
    if logged postgres as_postgres "$postgres_bin/pg_ctl" start -w -D "$postgres_folder/data" \
      -l "$postgres_folder/server.log" -o "$options -p $postgres_port"; then
      return
    fi
  done
  return 1
}

# Safe to call at any time, and twice.
stop_test_postgres() {
  [[ -n ${postgres_folder:-} ]] || return 0
  as_postgres "$postgres_bin/pg_ctl" stop -m immediate -D "$postgres_folder/data" >/dev/null 2>&1 || true
  rm -rf "$postgres_folder"
  postgres_folder=
  unset KEYWRIGHT_TEST_POSTGRES_URL
}
