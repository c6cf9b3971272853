package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;

/** Reads the configs of one model family. */
@FunctionalInterface
interface Family {

  Architecture read(ModelConfig config);
}
