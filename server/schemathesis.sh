#!/bin/sh
# Asks a server on this machine everything that the OpenAPI document allows, and what it forbids,
# with Schemathesis; exit code 0 when nothing is found. Usage: server/schemathesis.sh [EXAMPLES
# [SEED]]: examples of each operation (default 100), and the seed that a finding names.
# Schemathesis is installed once, outside the tree; SCHEMATHESIS_HOME says where.
set -eu
version=4.32.5
home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
examples=${1:-100}
case $examples${2:-} in
  *[!0-9]* | '')
    echo "schemathesis.sh: EXAMPLES is '$examples' and SEED is '${2:-}', allowed: whole numbers" >&2
    exit 2
    ;;
esac
venv=${SCHEMATHESIS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/vramcast/schemathesis-$version}

if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q "schemathesis==$version"
fi

work=$(mktemp -d)
. "$home/server/served.sh"
serve "$work"

# Schemathesis keeps what it finds where it runs.
cd "$work"
set -- --checks all --max-examples "$examples" ${2:+--seed "$2"}
"$venv/bin/schemathesis" --config-file "$home/server/schemathesis.toml" run "$@" \
  "$address/api/v1/openapi.json"
