package dev.tunefit.catalog.source;

import dev.tunefit.catalog.weights.StoredWeights;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.ModelConfig;
import java.util.List;
import java.util.Optional;

/**
 * A model that was found.
 *
 * @param id catalogue name, Hub id or path
 * @param stored what its weight files hold, when they are on this machine
 * @param origin where it was found, in words
 * @param warnings what the user should know: assumptions and disagreements, one line each
 */
public record LocatedModel(
    String id,
    ModelConfig config,
    Architecture architecture,
    Optional<StoredWeights> stored,
    String origin,
    List<String> warnings) {

  public LocatedModel {
    warnings = List.copyOf(warnings);
  }
}
