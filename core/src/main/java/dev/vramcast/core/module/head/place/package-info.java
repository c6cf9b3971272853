/** What stands behind a model that goes on with texts at places all over them. */
@NullMarked
package dev.vramcast.core.module.head.place;

import org.jspecify.annotations.NullMarked;
