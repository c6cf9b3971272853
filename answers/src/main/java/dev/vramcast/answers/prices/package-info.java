/** What cards cost by the hour: question, answer, text. */
@NullMarked
package dev.vramcast.answers.prices;

import org.jspecify.annotations.NullMarked;
