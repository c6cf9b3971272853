#!/bin/sh
# Puts shards of checkpoints together on the CPU, and says what that takes of the host and writes.
#   ./consolidated.sh 5 plan/consolidated.jsonl [--out CASES.jsonl]
set -eu
. "$(dirname "$0")/environment.sh"
export CUDA_VISIBLE_DEVICES=
exec "$python" -W ignore -m vramcast_measure.consolidated "$@"
