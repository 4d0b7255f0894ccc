# shellcheck shell=bash
# How many tests passed, failed and were skipped, from what each test runner wrote.
# Each prints three numbers.

# From the output of any number of `cargo test`.
count_cargo() {
  awk '{ gsub(/\033\[[0-9;]*m/, "") }
    /^test result: / {
      for (i = 2; i <= NF; i++) {
        if ($i == "passed;") passed += $(i - 1)
        if ($i == "failed;") failed += $(i - 1)
        if ($i == "ignored;") skipped += $(i - 1)
      }
    }
    END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# From the TAP report of `node --test`.
count_node() {
  awk '/^# (pass|fail|cancelled|skipped|todo) [0-9]+$/ { last[$2] = $3 }
    END { print last["pass"] + 0, last["fail"] + last["cancelled"], last["skipped"] + last["todo"] }' "$1"
}

# From the lines that tests of cargo write when something is missing (auth/tests/support/skipped.rs). cargo knows no such tests:
# in its sum they have passed.
count_skips() { awk 'END { print 0, 0, NR }' "$1"; }

# Why tests of cargo and of Node were skipped: each reason of a folder of logs, after how many gave it.
skip_reasons() {
  {
    cut -f1 "$1"/*.skips || true
    sed -n 's/^ *ok .* # SKIP \(..*\)/\1/p' "$1"/*.tap || true
  } 2>/dev/null | sort | uniq -c
}

# From the JSON report of Playwright. A flaky test passed in the end.
count_playwright() {
  node -e '
    const { stats } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    console.log(stats.expected + stats.flaky, stats.unexpected, stats.skipped);' "$1"
}
