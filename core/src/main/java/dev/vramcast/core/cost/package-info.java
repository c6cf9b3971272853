/**
 * What a run costs: hours times a price, and on spot machines what interruptions add to the hours.
 * See {@link dev.vramcast.core.cost.LostTime} for the formula.
 */
@NullMarked
package dev.vramcast.core.cost;

import org.jspecify.annotations.NullMarked;
