/** What a model's weight files say about themselves, read from their headers alone. */
package dev.vramcast.catalog.weights;
