/** How fast cards compute, read memory and exchange data. */
package dev.vramcast.core.time.rate;
