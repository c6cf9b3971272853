/** DeepSpeed's ZeRO: partitioned parameters, gradients and optimizer states. */
package dev.vramcast.core.shard.zero;
