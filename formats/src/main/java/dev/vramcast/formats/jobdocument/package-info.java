/**
 * Reads and writes the job document as YAML or JSON. Every message about a file is one line with
 * the file, the line, the key, the value and what is allowed.
 */
@NullMarked
package dev.vramcast.formats.jobdocument;

import org.jspecify.annotations.NullMarked;
