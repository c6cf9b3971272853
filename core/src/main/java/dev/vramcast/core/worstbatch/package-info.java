/** The longest batch that a run will meet, and how much of its data a card survives. */
package dev.vramcast.core.worstbatch;
