#!/bin/sh
# Counts on fake tensors, or with --gpu measures on this machine's GPU.
#   ./measure.sh 5|4.57 JOBS.jsonl [--out CASES.jsonl] [--only ID] [--tensors PHASE [--tensors-out FOLDER]] [--gpu]
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
line=$1
shift
python=${VRAMCAST_MEASURE_PYTHON:-$here/.venv/$line/bin/python}
# Other versions of libraries than those of the environment, if any.
export PYTHONPATH="$here${VRAMCAST_MEASURE_LIBRARIES:+:$VRAMCAST_MEASURE_LIBRARIES}" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
case " $* " in
  *" --gpu "*) ;;
  *)
    LD_LIBRARY_PATH=$here/native/built${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    LD_PRELOAD=$here/native/built/pretend_device.so
    export LD_LIBRARY_PATH LD_PRELOAD CUDA_VISIBLE_DEVICES=0
    ;;
esac
exec "$python" -W ignore -m vramcast_measure "$@"
