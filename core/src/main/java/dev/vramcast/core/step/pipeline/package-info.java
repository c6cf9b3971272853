/** Stages of {@code torch.distributed.pipelining}, and the order in which a rank runs them. */
@NullMarked
package dev.vramcast.core.step.pipeline;

import org.jspecify.annotations.NullMarked;
