#!/bin/sh
# Counts TransformerEngine's modules of Megatron-Core on fake tensors: ./layers.sh 5 RECIPE CAPABILITY, e.g. tensorwise 9.0
set -eu
. "$(dirname "$0")/environment.sh"
LD_LIBRARY_PATH=$here/native/built${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
LD_PRELOAD=$here/native/built/pretend_device.so
export LD_LIBRARY_PATH LD_PRELOAD CUDA_VISIBLE_DEVICES=0
exec "$python" -W ignore -m vramcast_measure.layers "$@"
