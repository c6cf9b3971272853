/** Strict and bounded reading of JSON from files and from the network. */
package dev.vramcast.catalog.json;
