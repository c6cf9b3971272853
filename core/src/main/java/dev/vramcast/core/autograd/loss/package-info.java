/**
 * Operations of heads and losses: cross-entropy and its kinds, log-probabilities of labels, and
 * divergences and similarities of what several passes gave.
 */
@NullMarked
package dev.vramcast.core.autograd.loss;

import org.jspecify.annotations.NullMarked;
