#!/bin/sh
# Saves checkpoints on the CPU and says how large they are, and what they take of the host.
#   ./saved.sh 5|4.57 JOBS.jsonl [--out CASES.jsonl] [--only ID]
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
line=$1
shift
python=${VRAMCAST_MEASURE_PYTHON:-$here/.venv/$line/bin/python}
export PYTHONPATH="$here${VRAMCAST_MEASURE_LIBRARIES:+:$VRAMCAST_MEASURE_LIBRARIES}" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
export CUDA_VISIBLE_DEVICES=
exec "$python" -W ignore -m vramcast_measure.saved "$@"
