/** Frameworks of reinforcement learning and preferences, over the models of Transformers. */
@NullMarked
package dev.vramcast.core.job.framework.rl;

import org.jspecify.annotations.NullMarked;
