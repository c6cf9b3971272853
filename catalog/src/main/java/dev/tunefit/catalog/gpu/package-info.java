/** The embedded catalogue of accelerators and the names people give them. */
package dev.tunefit.catalog.gpu;
