/** What an answer about one job begins with: a sentence, its reasons, and what would help most. */
@NullMarked
package dev.vramcast.answers.first;

import org.jspecify.annotations.NullMarked;
