/** PyTorch's FullyShardedDataParallel (FSDP1) and fully_shard (FSDP2). */
@NullMarked
package dev.vramcast.core.shard.fsdp;

import org.jspecify.annotations.NullMarked;
