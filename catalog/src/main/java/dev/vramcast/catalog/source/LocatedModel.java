package dev.vramcast.catalog.source;

import dev.vramcast.catalog.model.DynamicCopies;
import dev.vramcast.catalog.model.DynamicCopy;
import dev.vramcast.catalog.model.LoadedConfig;
import dev.vramcast.catalog.weights.StoredWeights;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.input.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model that was found.
 *
 * @param id catalogue name, Hub id or path
 * @param stored what its weight files hold, when they are on this machine
 * @param origin where it was found, in words
 * @param original by which loaders look for a copy of it in 4 bits; empty where they do not
 * @param warnings what the user should know: assumptions and disagreements
 */
public record LocatedModel(
    String id,
    ModelConfig config,
    Architecture architecture,
    Optional<StoredWeights> stored,
    String origin,
    Optional<String> original,
    List<Notice> warnings) {

  public LocatedModel {
    warnings = List.copyOf(warnings);
  }

  /** A model of which no copy is known. */
  public LocatedModel(
      String id,
      ModelConfig config,
      Architecture architecture,
      Optional<StoredWeights> stored,
      String origin,
      List<Notice> warnings) {
    this(id, config, architecture, stored, origin, Optional.empty(), warnings);
  }

  /** The same under another name. */
  LocatedModel called(String name) {
    return new LocatedModel(name, config, architecture, stored, origin, original, warnings);
  }

  /** The same with other words on where it was found. */
  LocatedModel from(String place) {
    return new LocatedModel(id, config, architecture, stored, place, original, warnings);
  }

  /** The same with one more thing that the user should know. */
  LocatedModel warned(Notice warning) {
    List<Notice> all = new ArrayList<>(warnings);
    all.add(warning);
    return new LocatedModel(id, config, architecture, stored, origin, original, all);
  }

  /** The same, of which there may be a copy that loaders find by its name and take for it. */
  public LocatedModel copied(String name) {
    return new LocatedModel(id, config, architecture, stored, origin, Optional.of(name), warnings);
  }

  /** The model as a job loads it and trains it. */
  public LocatedModel trainedFor(ResolvedJob job) {
    Optional<DynamicCopy> copied = original.flatMap(name -> DynamicCopies.suiting(job, name));
    ModelConfig held = LoadedConfig.of(config, copied, job);
    List<Notice> all = new ArrayList<>(warnings);
    original.flatMap(name -> StoredBits.notice(name, job)).ifPresent(all::add);
    copied
        .filter(copy -> copy.isLoadedBy(job))
        .ifPresent(
            copy -> all.add(copy.inWords().behind("Unsloth loads its own copy in 4 bits: ")));
    LocatedModel loaded =
        held.equals(config)
            ? this
            : new LocatedModel(id, held, Families.read(held), stored, origin, original, warnings);
    LocatedModel headed = loaded.trainedFor(job.objective());
    return all.equals(warnings)
        ? headed
        : new LocatedModel(id, held, headed.architecture, stored, origin, original, all);
  }

  /** The model with the head that an objective gives it. */
  public LocatedModel trainedFor(Objective objective) {
    boolean other =
        objective.classes().isPresent()
            || objective.stage() == Stage.MASKED_LM
            || objective.stage() == Stage.EMBEDDING;
    return other
        ? new LocatedModel(
            id, config, TrainedModel.read(config, objective), stored, origin, original, warnings)
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
