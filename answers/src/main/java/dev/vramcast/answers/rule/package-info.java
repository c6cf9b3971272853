/** The rule of thumb for a bare size: question and answer. */
@NullMarked
package dev.vramcast.answers.rule;

import org.jspecify.annotations.NullMarked;
