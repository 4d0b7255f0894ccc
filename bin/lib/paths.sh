# shellcheck shell=bash
# Where things are: the clone, the cache outside it, and cargo's tools.

KEYWRIGHT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
KEYWRIGHT_CACHE=${KEYWRIGHT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/keywright}
mkdir -p "$KEYWRIGHT_CACHE/log"
KEYWRIGHT_CACHE=$(cd "$KEYWRIGHT_CACHE" && pwd)
# Not for the server: it refuses a KEYWRIGHT_ variable that is none of its settings.
export -n KEYWRIGHT_ROOT KEYWRIGHT_CACHE

CARGO_BIN=${CARGO_HOME:-$HOME/.cargo}/bin
case ":$PATH:" in
  *":$CARGO_BIN:"*) ;;
  *) export PATH="$PATH:$CARGO_BIN" ;;
esac
