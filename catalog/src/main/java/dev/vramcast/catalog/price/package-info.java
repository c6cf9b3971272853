/** Price lists: those that are part of this module, and those that users bring. */
package dev.vramcast.catalog.price;
