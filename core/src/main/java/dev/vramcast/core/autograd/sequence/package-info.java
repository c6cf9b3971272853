/**
 * What runs over the tokens of a sequence: attention of which each rank has a share, where keys and
 * values go around or are gathered and heads are exchanged for tokens; what is added to scores by
 * the position of tokens; and recurrences that one function runs.
 */
@NullMarked
package dev.vramcast.core.autograd.sequence;

import org.jspecify.annotations.NullMarked;
