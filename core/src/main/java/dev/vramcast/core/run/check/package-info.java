/** What cannot run, by the rules of the frameworks, and what is not modelled. */
@NullMarked
package dev.vramcast.core.run.check;

import org.jspecify.annotations.NullMarked;
