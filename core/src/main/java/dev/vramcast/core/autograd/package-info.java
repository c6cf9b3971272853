/** The memory side of PyTorch's autograd: what operations save, and when it is freed. */
package dev.vramcast.core.autograd;
