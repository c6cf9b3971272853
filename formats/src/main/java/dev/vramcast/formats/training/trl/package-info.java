/** Reads the arguments of TRL, of alignment-handbook and of scripts on Transformers' Trainer. */
@NullMarked
package dev.vramcast.formats.training.trl;

import org.jspecify.annotations.NullMarked;
