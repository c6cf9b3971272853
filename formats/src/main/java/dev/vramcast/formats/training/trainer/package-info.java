/** What frameworks on Transformers' Trainer have in common: its words and its companions' files. */
package dev.vramcast.formats.training.trainer;
