/** PyTorch's FullyShardedDataParallel (FSDP1) and fully_shard (FSDP2). */
package dev.vramcast.core.shard.fsdp;
