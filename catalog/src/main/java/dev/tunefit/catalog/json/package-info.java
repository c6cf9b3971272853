/** Strict and bounded reading of JSON from files and from the network. */
package dev.tunefit.catalog.json;
