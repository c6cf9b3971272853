/**
 * What the arithmetic is fed with: models and devices, from the embedded catalogues, from files,
 * and from the Hugging Face Hub.
 */
package dev.vramcast.catalog;
