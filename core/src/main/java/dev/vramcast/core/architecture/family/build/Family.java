package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;

/** Reads the configs of one model family. */
@FunctionalInterface
public interface Family {

  Architecture read(ModelConfig config);
}
