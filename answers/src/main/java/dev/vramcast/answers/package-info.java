/**
 * From a question to its answer, whoever asks: requests are settled with the other modules, and the
 * reports they lead to are written as text, JSON or charts. No arithmetic of memory lives here.
 */
@NullMarked
package dev.vramcast.answers;

import org.jspecify.annotations.NullMarked;
