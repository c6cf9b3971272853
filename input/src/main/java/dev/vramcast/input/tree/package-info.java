/**
 * Files of YAML and JSON as trees whose values know their lines; read from text that may be
 * hostile.
 */
@NullMarked
package dev.vramcast.input.tree;

import org.jspecify.annotations.NullMarked;
