/** Which machine to rent: question, answer, text. */
@NullMarked
package dev.vramcast.answers.plan;

import org.jspecify.annotations.NullMarked;
