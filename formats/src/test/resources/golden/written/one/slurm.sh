#!/bin/bash
# Written by a test
#SBATCH --job-name=llama-3-1-8b-lora
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=1
#SBATCH --output=%x-%j.out
set -eu
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export first
srun bash -c 'axolotl train axolotl.yaml'
