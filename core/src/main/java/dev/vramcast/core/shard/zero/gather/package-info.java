/**
 * Which parameters stage 3 of ZeRO has gathered at which module: DeepSpeed's
 * PartitionedParameterCoordinator, and the calls of modules that it is driven by.
 */
@NullMarked
package dev.vramcast.core.shard.zero.gather;

import org.jspecify.annotations.NullMarked;
