#!/usr/bin/env bash
# Adapters of a 1.5B model on one machine
set -x
nproc_per_node=4
save_path=$HOME/runs/sft

torchrun --standalone --nnodes=1 --nproc_per_node=$nproc_per_node \
    -m verl.trainer.fsdp_sft_trainer \
    data.train_files=$HOME/data/gsm8k/train.parquet \
    data.prompt_key=extra_info \
    +data.prompt_dict_keys=['question'] \
    data.train_batch_size=64 \
    data.micro_batch_size_per_gpu=2 \
    data.max_length=2048 \
    model.partial_pretrain=Qwen/Qwen2.5-1.5B-Instruct \
    model.lora_rank=32 \
    model.lora_alpha=32 \
    model.target_modules=all-linear \
    model.strategy=fsdp \
    optim.lr=1e-4 \
    trainer.default_local_dir=$save_path \
    trainer.total_epochs=2 "$@"
