package dev.tunefit.core.architecture.family;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.ModelConfig;

/** Reads the configs of one model family. */
@FunctionalInterface
interface Family {

  Architecture read(ModelConfig config);
}
