#!/bin/bash
# Written by a test
#SBATCH --job-name=llama-3-1-8b-lora
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --output=%x-%j.out
set -eu
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export first
srun bash -c 'export NNODES=2
export NODE_RANK="$SLURM_NODEID"
export MASTER_ADDR="$first"
export MASTER_PORT=29500
export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
axolotl train axolotl.yaml --launcher torchrun -- --nnodes "$NNODES" --node_rank "$NODE_RANK" --nproc_per_node 8 --master_addr "$MASTER_ADDR" --master_port "$MASTER_PORT"'
