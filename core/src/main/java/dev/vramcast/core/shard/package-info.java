/**
 * What one rank keeps of the parameters, and what the collectives around their use allocate: the
 * rules of DistributedDataParallel, both FSDPs and DeepSpeed's ZeRO; and the part of a model that
 * it runs under tensor and expert parallelism.
 */
@NullMarked
package dev.vramcast.core.shard;

import org.jspecify.annotations.NullMarked;
