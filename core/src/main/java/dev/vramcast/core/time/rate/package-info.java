/** How fast cards compute, read memory and exchange data. */
@NullMarked
package dev.vramcast.core.time.rate;

import org.jspecify.annotations.NullMarked;
