/** What stands in the place of attention: state spaces, delta rules, convolutions. */
@NullMarked
package dev.vramcast.core.module.mixer;

import org.jspecify.annotations.NullMarked;
