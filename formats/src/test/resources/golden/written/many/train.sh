#!/bin/bash
# Written by a test
set -eu
cd "$(dirname "$0")"
export NNODES=2
export NODE_RANK="${NODE_RANK:?the number of this machine, from 0}"
export MASTER_ADDR="${MASTER_ADDR:?the address of the first machine}"
export MASTER_PORT=29500
export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
axolotl train axolotl.yaml --launcher torchrun -- --nnodes "$NNODES" --node_rank "$NODE_RANK" --nproc_per_node 8 --master_addr "$MASTER_ADDR" --master_port "$MASTER_PORT"
