nproc_per_node=4

NPROC_PER_NODE=$nproc_per_node \
swift sft \
    --model Qwen/Qwen2.5-7B \
    --tuner_type full \
    --dataset liucong/Chinese-DeepSeek-R1-Distill-data-110k-SFT \
    --torch_dtype bfloat16 \
    --per_device_train_batch_size 1 \
    --packing true \
    --use_liger_kernel true \
    --gradient_checkpointing false \
    --deepspeed zero3_offload
