/** What all texts are made of: numbers with their units, sections, one answer in its forms. */
@NullMarked
package dev.vramcast.answers.text;

import org.jspecify.annotations.NullMarked;
