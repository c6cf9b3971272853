/** Which code runs a step: what differs between frameworks, models and versions. */
@NullMarked
package dev.vramcast.core.code;

import org.jspecify.annotations.NullMarked;
