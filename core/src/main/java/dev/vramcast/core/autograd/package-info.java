/**
 * The memory side of PyTorch's autograd: what operations save, and when it is freed. Who owns a
 * tensor, and so who releases it, is one of five rules: docs/adr/0022-who-owns-a-tensor.md.
 */
@NullMarked
package dev.vramcast.core.autograd;

import org.jspecify.annotations.NullMarked;
