/** The embedded catalogue of models: names, Hub ids and the configs they stand for. */
package dev.tunefit.catalog.model;
