/** The embedded catalogue of accelerators and the names people give them. */
package dev.vramcast.catalog.gpu;
