/** The part of a model that one rank runs under tensor and expert parallelism. */
package dev.vramcast.core.shard.tensor;
