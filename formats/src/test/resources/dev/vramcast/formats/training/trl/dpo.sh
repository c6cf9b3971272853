#!/bin/bash
# Preference training on four GPUs
set -e
MODEL="Qwen/Qwen2-0.5B-Instruct"
export BATCH=2

accelerate launch --config_file examples/accelerate_configs/deepspeed_zero3.yaml \
    --num_processes 4 trl/scripts/dpo.py \
    --model_name_or_path "$MODEL" \
    --dataset_name trl-lib/ultrafeedback_binarized \
    --per_device_train_batch_size ${BATCH} \
    --learning_rate 5.0e-7 --num_train_epochs 1 \
    --max_length 1536 \
    --use_peft --lora_r 32 --lora_alpha 16 --lora_target_modules q_proj v_proj \
    --no_remove_unused_columns \
    --output_dir=Qwen2-DPO
