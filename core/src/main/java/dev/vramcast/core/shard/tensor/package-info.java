/** The part of a model that one rank runs under tensor and expert parallelism. */
@NullMarked
package dev.vramcast.core.shard.tensor;

import org.jspecify.annotations.NullMarked;
