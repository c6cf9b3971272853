/** Linear layers by storage of their weight, and the adapters on them. */
@NullMarked
package dev.vramcast.core.module.linear;

import org.jspecify.annotations.NullMarked;
