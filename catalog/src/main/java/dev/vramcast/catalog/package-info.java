/**
 * What the arithmetic is fed with: models and devices, from the embedded catalogues, from files,
 * and from the Hugging Face Hub.
 */
@NullMarked
package dev.vramcast.catalog;

import org.jspecify.annotations.NullMarked;
