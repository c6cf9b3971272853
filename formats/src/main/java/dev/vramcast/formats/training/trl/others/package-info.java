/**
 * Options of well-known programs on Transformers' Trainer that have names of their own: turned into
 * those of PEFT's examples, or read where a program has a loop of its own.
 */
@NullMarked
package dev.vramcast.formats.training.trl.others;

import org.jspecify.annotations.NullMarked;
