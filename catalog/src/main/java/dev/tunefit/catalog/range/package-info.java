/** The ranges about estimates that are part of the product. */
package dev.tunefit.catalog.range;
