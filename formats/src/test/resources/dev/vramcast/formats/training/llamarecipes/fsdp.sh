#!/bin/bash
torchrun --nnodes 1 --nproc_per_node 4 getting-started/finetuning/finetuning.py \
  --enable_fsdp --low_cpu_fsdp \
  --model_name meta-llama/Meta-Llama-3.1-8B \
  --use_peft --peft_method lora --lora_config.r 16 \
  --batch_size_training 2 --context_length 2048 \
  --fsdp_config.pure_bf16 --use_fast_kernels \
  --dataset custom_dataset --custom_dataset.file loader.py \
  --output_dir out
