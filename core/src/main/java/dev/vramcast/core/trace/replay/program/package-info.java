/** What two steps of a trace do, in numbers: written once for many replays. */
@NullMarked
package dev.vramcast.core.trace.replay.program;

import org.jspecify.annotations.NullMarked;
