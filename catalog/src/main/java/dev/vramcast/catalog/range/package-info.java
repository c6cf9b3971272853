/** The ranges about estimates that are part of the product. */
package dev.vramcast.catalog.range;
