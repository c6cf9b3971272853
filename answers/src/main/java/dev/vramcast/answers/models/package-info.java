/** The models that are known: operation, answer, text. */
@NullMarked
package dev.vramcast.answers.models;

import org.jspecify.annotations.NullMarked;
