/** Validation reports for a terminal, for programs, as a picture and as a page. */
package dev.vramcast.validation.report;
