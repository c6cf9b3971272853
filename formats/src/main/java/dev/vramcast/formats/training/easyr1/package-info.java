/** EasyR1's configuration. */
@NullMarked
package dev.vramcast.formats.training.easyr1;

import org.jspecify.annotations.NullMarked;
