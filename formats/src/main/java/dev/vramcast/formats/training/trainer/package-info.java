/** What frameworks on Transformers' Trainer have in common: its words and its companions' files. */
@NullMarked
package dev.vramcast.formats.training.trainer;

import org.jspecify.annotations.NullMarked;
