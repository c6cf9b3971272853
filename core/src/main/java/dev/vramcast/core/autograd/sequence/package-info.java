/**
 * Attention over a sequence of which each rank has a share: keys and values that go around or are
 * gathered, and heads that are exchanged for tokens.
 */
@NullMarked
package dev.vramcast.core.autograd.sequence;

import org.jspecify.annotations.NullMarked;
