/**
 * What a process holds on a GPU outside PyTorch's allocator: the CUDA context and the buffers of
 * NCCL's communicators.
 */
@NullMarked
package dev.vramcast.core.run.outside;

import org.jspecify.annotations.NullMarked;
