package dev.vramcast.catalog.source;

import dev.vramcast.catalog.weights.StoredWeights;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.input.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A model that was found.
 *
 * @param id catalogue name, Hub id or path
 * @param stored what its weight files hold, when they are on this machine
 * @param origin where it was found, in words
 * @param warnings what the user should know: assumptions and disagreements
 */
public record LocatedModel(
    String id,
    ModelConfig config,
    Architecture architecture,
    Optional<StoredWeights> stored,
    String origin,
    List<Notice> warnings) {

  public LocatedModel {
    warnings = List.copyOf(warnings);
  }

  /** The same under another name. */
  LocatedModel called(String name) {
    return new LocatedModel(name, config, architecture, stored, origin, warnings);
  }

  /** The same with other words on where it was found. */
  LocatedModel from(String place) {
    return new LocatedModel(id, config, architecture, stored, place, warnings);
  }

  /** The model with the head that an objective gives it. */
  public LocatedModel trainedFor(Objective objective) {
    boolean other =
        objective.classes().isPresent()
            || objective.stage() == Stage.MASKED_LM
            || objective.stage() == Stage.EMBEDDING;
    return other
        ? new LocatedModel(
            id, config, TrainedModel.read(config, objective), stored, origin, warnings)
        : this;
  }

  /** The model that the text of a {@code config.json} describes. */
  public static LocatedModel of(String id, String text) {
    String source = id + "/config.json";
    ModelConfig config =
        new ModelConfig(source, Json.object(source, text.getBytes(StandardCharsets.UTF_8)));
    return new LocatedModel(id, config, Families.read(config), Optional.empty(), source, List.of());
  }
}
