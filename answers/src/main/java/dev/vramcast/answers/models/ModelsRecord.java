package dev.vramcast.answers.models;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import java.util.List;

/** {@link ModelsReport} for programs. */
@Describes("Models of the catalogue with their sizes.")
public record ModelsRecord(@Describes("By name.") List<Entry> models) {

  public static final String KIND = "models";

  /** A model. */
  record Entry(
      @Describes("Its name in the catalogue.") String name,
      @Describes("model_type of its config.json.") String modelType,
      @Describes(Meaning.PARAMETERS) long parameters,
      @Describes(Meaning.ACTIVE_PARAMETERS) long activeParameters,
      @Describes("Decoder layers.") int layers,
      @Describes("Features of a token between layers.") long hiddenSize,
      @Describes("Tokens that it knows.") long vocabularySize,
      @Describes("Longest sequence of its config.json; 0 where it has none.") long maxPositions,
      @Describes("Other names of it.") List<String> aliases,
      @Describes("Repositories of the Hub that have this structure.") List<String> hubIds,
      @Describes("Where its config.json is from.") String source) {

    static Entry of(ModelEntry entry, Architecture architecture) {
      return new Entry(
          entry.name(),
          architecture.modelType(),
          Tensors.count(architecture),
          Tensors.activeCount(architecture),
          architecture.layerCount(),
          architecture.hiddenSize(),
          architecture.vocabularySize(),
          architecture.maxPositions(),
          List.copyOf(entry.aliases()),
          List.copyOf(entry.hubIds()),
          entry.source());
    }
  }
}
