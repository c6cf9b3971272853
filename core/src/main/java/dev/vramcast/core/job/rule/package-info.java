/** How the value of a key follows from others: the rules that frameworks are written in. */
@NullMarked
package dev.vramcast.core.job.rule;

import org.jspecify.annotations.NullMarked;
