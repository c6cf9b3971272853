/** What is known: cards, models, findings in a training file. */
@NullMarked
package dev.vramcast.answers.list;

import org.jspecify.annotations.NullMarked;
