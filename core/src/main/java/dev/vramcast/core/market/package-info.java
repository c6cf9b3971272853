/** What GPUs cost by the hour: offers, the lists they stand in, and how old their prices are. */
package dev.vramcast.core.market;
