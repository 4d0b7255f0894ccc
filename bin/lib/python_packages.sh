# shellcheck shell=bash
# The sample of FastAPI needs Python with packages from PyPI, in a folder of their own. Nothing else does: without them
# the sample is not run, the tests say so, and the setup goes on.

ensure_python_packages() {
  local sample=$KEYWRIGHT_ROOT/docs/samples/fastapi folder=$KEYWRIGHT_CACHE/samples/fastapi stamp need
  if [[ -d $sample/.venv && ! -L $sample/.venv ]]; then
    say ok 'Python packages of docs/samples/fastapi: those of your own .venv'
    return
  fi
  rm -f "$sample/.venv"
  if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say note 'no python3 of version 3.11 or newer: the sample of FastAPI is not run'
    return
  fi
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    say install 'python3-venv: the tests run the sample of FastAPI'
    debian_install python3-venv || true # what is missing then, the next step says
  fi
  stamp=$folder/.installed-from
  need=$(python3 --version && cat "$sample/requirements.txt")
  if [[ $(cat "$stamp" 2>/dev/null) == "$need" && -x $folder/bin/python ]]; then
    say ok 'Python packages of docs/samples/fastapi'
  else
    say install 'Python packages of docs/samples/fastapi: the tests run this sample of a service'
    rm -rf "$folder"
    if ! logged python-venv python3 -m venv "$folder" ||
      ! logged pip "$folder/bin/python" -m pip install --disable-pip-version-check --no-input \
        --cache-dir "$KEYWRIGHT_CACHE/pip" --requirement "$sample/requirements.txt"; then
      say note 'the sample of FastAPI is not run'
      return
    fi
    printf '%s\n' "$need" >"$stamp"
  fi
  ln -s "$folder" "$sample/.venv"
}
