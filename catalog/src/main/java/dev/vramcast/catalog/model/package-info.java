/** The embedded catalogue of models: names, Hub ids and the configs they stand for. */
package dev.vramcast.catalog.model;
