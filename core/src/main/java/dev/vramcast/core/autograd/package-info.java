/** The memory side of PyTorch's autograd: what operations save, and when it is freed. */
@NullMarked
package dev.vramcast.core.autograd;

import org.jspecify.annotations.NullMarked;
