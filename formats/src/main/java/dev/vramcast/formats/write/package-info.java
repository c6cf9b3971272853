/**
 * What writers of files for other programs share: what they are given, what they give, and text
 * that is safe in YAML, Python and the shell.
 */
@NullMarked
package dev.vramcast.formats.write;

import org.jspecify.annotations.NullMarked;
