/**
 * Files of YAML and JSON as trees whose values know their lines; read from text that may be
 * hostile.
 */
package dev.vramcast.formats.tree;
