# shellcheck shell=bash
# sqlmap and schemathesis against a fresh Keywright on this machine: hours, so no part of bin/test.

# Packages of PyPI, in a folder of their own beside those of the samples.
ensure_scanners() {
  local need stamp
  scanners=$KEYWRIGHT_CACHE/scanners stamp=$KEYWRIGHT_CACHE/scanners/.installed-from
  need=$(python3 --version && cat "$KEYWRIGHT_ROOT/attack/scanners/requirements.txt") || return 1
  if [[ $(cat "$stamp" 2>/dev/null) == "$need" && -x $scanners/bin/python ]]; then
    say ok 'sqlmap and schemathesis'
    return
  fi
  say install 'sqlmap and schemathesis'
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian_install python3-venv || return 1
  rm -rf "$scanners"
  logged python-venv python3 -m venv "$scanners" || return 1
  logged pip "$scanners/bin/python" -m pip install --disable-pip-version-check --no-input \
    --cache-dir "$KEYWRIGHT_CACHE/pip" --requirement "$KEYWRIGHT_ROOT/attack/scanners/requirements.txt" || return 1
  printf '%s\n' "$need" >"$stamp"
}

# Without limits and with hashes that cost nothing: what is looked for is what the program does with what it is sent.
start_scanned() {
  local port
  scanned_database=SQLite
  if [[ ${KEYWRIGHT_DATABASE_URL:-} == postgres* ]]; then scanned_database=PostgreSQL; fi
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export SCANNED_URL=http://localhost:$port
  scanned_folder=$(mktemp -d)
  # The command line of the same program, for whoever makes administrators.
  export SCANNED_PROGRAM=$scanned_folder/keywright
  {
    printf '#!/bin/sh\ncd %q\nexec env -i ' "$scanned_folder"
    printf '%q ' PATH="$PATH" KEYWRIGHT_LISTEN="127.0.0.1:$port" KEYWRIGHT_PUBLIC_URL="$SCANNED_URL" KEYWRIGHT_LIMITS=off \
      KEYWRIGHT_HASH_MEMORY_KIB=32 KEYWRIGHT_HASH_PASSES=1 KEYWRIGHT_HASH_QUEUE=4096 KEYWRIGHT_LOG=info \
      ${KEYWRIGHT_SITE:+KEYWRIGHT_SITE="$KEYWRIGHT_SITE"} ${KEYWRIGHT_DATABASE_URL:+KEYWRIGHT_DATABASE_URL="$KEYWRIGHT_DATABASE_URL"} "$@"
    printf '"$@"\n'
  } >"$SCANNED_PROGRAM"
  chmod +x "$SCANNED_PROGRAM"
  "$SCANNED_PROGRAM" >"$scanned_folder/log" 2>&1 &
  scanned=$!
  trap stop_scanned EXIT
  for _ in {1..200}; do
    if python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/health/ready")' "$SCANNED_URL" 2>/dev/null; then
      say ok "Keywright at $SCANNED_URL, its log in $scanned_folder"
      return
    fi
    sleep 0.1
  done
  problem 'the program does not start'
  return 1
}

# The log stays when something was found: it says which request it was.
stop_scanned() {
  kill "$scanned" 2>/dev/null || true
  wait "$scanned" 2>/dev/null || true
  [[ -n ${scanners_found:-} ]] || rm -rf "$scanned_folder"
}

# Requests that were answered, and those that were answered with a fault of ours.
scanned_requests() { grep -c 'answered' "$scanned_folder/log" || true; }
scanned_faults() { grep 'answered' "$scanned_folder/log" | grep -cE 'status=5[0-9][0-9]' || true; }

scan_with_schemathesis() {
  local wanted=$1 seed=1 before
  while (($(scanned_requests) < wanted)); do
    before=$(scanned_requests)
    # It keeps notes in the folder that it runs in.
    (cd "$scanned_folder" && PYTHONPATH=$KEYWRIGHT_ROOT/attack/scanners SCHEMATHESIS_HOOKS=schemathesis_hooks \
      "$scanners/bin/schemathesis" --config-file "$KEYWRIGHT_ROOT/attack/scanners/schemathesis.toml" run "$SCANNED_URL/api/v1/openapi.json" --checks all --max-examples 100 --seed "$seed" \
      --continue-on-failure --generation-database none --no-color) || scanners_found=yes
    say count "$(scanned_requests) requests"
    if (($(scanned_requests) == before)); then
      problem 'schemathesis sends nothing more'
      scanners_found=yes
      return
    fi
    ((seed += 1))
  done
}

# sqlmap_over NAME OPTION…
sqlmap_over() {
  local results=$scanned_folder/sqlmap-$1.csv
  shift
  # The database is told, or nine tenths of what is sent would be for others.
  # Somebody else's answer looks like one of an injection: all are administrators.
  SCANNED_ADMINISTRATORS=1 "$scanners/bin/sqlmap" "$@" --batch --level=5 --risk=3 --dbms="$scanned_database" --ignore-code='*' --flush-session \
    --disable-coloring --preprocess="$KEYWRIGHT_ROOT/attack/scanners/sqlmap_requests.py" --output-dir="$scanned_folder/sqlmap" \
    --results-file="$results" || scanners_found=yes
  # The first line names the columns; what sqlmap itself has refuted since stands there, too.
  if [[ -f $results ]] && (($(grep -vc 'false positive or unexploitable' "$results") > 1)); then
    problem "sqlmap found something: $results"
    scanners_found=yes
  fi
}

# run_scanners ATTACK REQUESTS
run_scanners() {
  ensure_scanners || return 1
  local program=("$1" --program)
  [[ -z ${KEYWRIGHT_BINARY:-} ]] || program=("$KEYWRIGHT_BINARY")
  start_scanned "${program[@]}" || return 1
  scan_with_schemathesis "$2"
  # Every parameter; the headers of a request are read by what stands before all routes: once is enough.
  local headers=user-agent,referer,host,cookie
  sqlmap_over api --openapi="$SCANNED_URL/api/v1/openapi.json" --openapi-base="$SCANNED_URL" --skip="$headers"
  sqlmap_over forms --url="$SCANNED_URL/" --crawl=3 --forms --crawl-exclude='sign-out' --skip="$headers"
  sqlmap_over headers --url="$SCANNED_URL/api/v1/me"
  sqlmap_over page_headers --url="$SCANNED_URL/account"
  say sum "$(scanned_requests) requests, $(scanned_faults) of them answered with a fault of ours"
  if (($(scanned_faults) > 0)); then scanners_found=yes; fi
  [[ -z ${scanners_found:-} ]]
}
