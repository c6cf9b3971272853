/**
 * Answers as records: what programs are told is walked from the components of a record, and so is
 * every description of it. A component's name says its unit, its {@link Describes} what it means
 * and when there is none.
 */
@NullMarked
package dev.vramcast.answers.record;

import org.jspecify.annotations.NullMarked;
