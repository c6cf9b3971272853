/** Validation reports for a terminal, for programs, as a picture and as a page. */
@NullMarked
package dev.vramcast.validation.report;

import org.jspecify.annotations.NullMarked;
