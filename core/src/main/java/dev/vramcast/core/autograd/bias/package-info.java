/** What is added to the scores of attention by the position of tokens. */
@NullMarked
package dev.vramcast.core.autograd.bias;

import org.jspecify.annotations.NullMarked;
