/** The embedded catalogue of models: names, Hub ids and the configs they stand for. */
@NullMarked
package dev.vramcast.catalog.model;

import org.jspecify.annotations.NullMarked;
