/** What a run costs on each GPU of a market: on which machine it fits, how long, for how much. */
@NullMarked
package dev.vramcast.answers.cost;

import org.jspecify.annotations.NullMarked;
