# shellcheck shell=bash
# What the scripts print: one short line per step.

say() { printf '%-8s %s\n' "$1" "$2"; }

# What went wrong and what the reader can do about it.
problem() { printf '%-8s %s\n' 'PROBLEM' "$1" >&2; }

# logged NAME COMMAND…  keeps the output in a log and shows its end when the command fails.
logged() {
  local log=$KEYWRIGHT_CACHE/log/$1.log status=0
  shift
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    problem "this failed: $* (whole output: $log)"
  fi
  return "$status"
}
