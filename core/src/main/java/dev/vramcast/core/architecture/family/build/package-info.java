/** What families build models from, and how they read keys of a config. */
@NullMarked
package dev.vramcast.core.architecture.family.build;

import org.jspecify.annotations.NullMarked;
