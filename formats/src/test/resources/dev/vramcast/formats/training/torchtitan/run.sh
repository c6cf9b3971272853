torchrun --nproc_per_node=8 --nnodes=4 -m torchtitan.train \
  --job.config_file ./llama3_8b.toml \
  --training.seq_len 4096 --training.global_batch_size 64 --activation_checkpoint.mode full
