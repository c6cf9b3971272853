/** What arguments of transformers' Trainer say about a run beside its steps. */
@NullMarked
package dev.vramcast.formats.training.run;

import org.jspecify.annotations.NullMarked;
