#!/bin/sh
# Counts on fake tensors, or with --gpu measures on this machine's GPU.
#   ./measure.sh 5|4.57|4.45 JOBS.jsonl [--out CASES.jsonl] [--only ID] [--tensors PHASE [--tensors-out FOLDER]] [--gpu]
set -eu
. "$(dirname "$0")/environment.sh"
case " $* " in
  *" --gpu "*) ;;
  *)
    LD_LIBRARY_PATH=$here/native/built${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    LD_PRELOAD=$here/native/built/pretend_device.so
    export LD_LIBRARY_PATH LD_PRELOAD CUDA_VISIBLE_DEVICES=0
    ;;
esac
exec "$python" -W ignore -m vramcast_measure "$@"
