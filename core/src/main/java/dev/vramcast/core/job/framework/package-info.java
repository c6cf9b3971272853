/** The training frameworks: what each does about a key that the user left out. */
@NullMarked
package dev.vramcast.core.job.framework;

import org.jspecify.annotations.NullMarked;
