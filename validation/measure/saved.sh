#!/bin/sh
# Saves checkpoints on the CPU and says how large they are, and what they take of the host.
#   ./saved.sh 5|4.57 JOBS.jsonl [--out CASES.jsonl] [--only ID]
set -eu
. "$(dirname "$0")/environment.sh"
export CUDA_VISIBLE_DEVICES=
exec "$python" -W ignore -m vramcast_measure.saved "$@"
