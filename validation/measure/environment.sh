# Which Python counts, for the scripts beside this one, which source it; its first word is theirs.
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
line=${1:-}
python=${VRAMCAST_MEASURE_PYTHON:-$here/.venv/$line/bin/python}
if ! command -v "$python" >/dev/null; then
  echo "$(basename "$0"): the line is '$line', allowed: 5, 4.57 or 4.45, once ./setup.sh has made its environment" >&2
  exit 2
fi
shift
# Other versions of libraries than those of the environment, if any.
export PYTHONPATH="$here${VRAMCAST_MEASURE_LIBRARIES:+:$VRAMCAST_MEASURE_LIBRARIES}" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
