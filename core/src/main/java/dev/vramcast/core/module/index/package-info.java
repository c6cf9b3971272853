/** Which tokens a query attends to where not to all. */
@NullMarked
package dev.vramcast.core.module.index;

import org.jspecify.annotations.NullMarked;
