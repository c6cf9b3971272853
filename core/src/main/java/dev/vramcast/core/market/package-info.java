/** What GPUs cost by the hour: offers, the lists they stand in, and how old their prices are. */
@NullMarked
package dev.vramcast.core.market;

import org.jspecify.annotations.NullMarked;
