/** From flags and files to what is asked of the other modules. */
@NullMarked
package dev.vramcast.answers.request;

import org.jspecify.annotations.NullMarked;
