/** What a run costs on each GPU of a market: on which machine it fits, how long, for how much. */
package dev.vramcast.answers.cost;
