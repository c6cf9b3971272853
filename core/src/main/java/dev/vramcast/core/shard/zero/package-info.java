/** DeepSpeed's ZeRO: partitioned parameters, gradients and optimizer states. */
@NullMarked
package dev.vramcast.core.shard.zero;

import org.jspecify.annotations.NullMarked;
