package dev.vramcast.catalog.source;

import dev.vramcast.catalog.weights.StoredWeights;
import dev.vramcast.catalog.weights.WeightFiles;
import dev.vramcast.catalog.weights.WeightsCheck;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.Presence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a model from a {@code config.json} or from a folder that has one. */
final class LocalModel {

  private static final String CONFIG = "config.json";

  private LocalModel() {}

  /** The model at a path that exists. */
  static LocatedModel read(String id, Path path, String origin) {
    return Presence.isFolder(path) ? folder(id, path, origin) : file(id, path, origin);
  }

  private static LocatedModel file(String id, Path file, String origin) {
    ModelConfig config = config(file);
    return new LocatedModel(id, config, Families.read(config), Optional.empty(), origin, List.of());
  }

  private static LocatedModel folder(String id, Path folder, String origin) {
    Path file = folder.resolve(CONFIG);
    if (!Presence.isFile(file)) {
      throw withoutConfig(folder);
    }
    ModelConfig config = config(file);
    Architecture architecture = Families.read(config);
    WeightFiles weights = WeightFiles.read(folder);
    List<Notice> warnings = new ArrayList<>(weights.warnings());
    Optional<StoredWeights> stored = weights.stored();
    stored
        .flatMap(found -> WeightsCheck.compare(folder.toString(), architecture, found))
        .ifPresent(warnings::add);
    return new LocatedModel(id, config, architecture, stored, origin, warnings);
  }

  private static InputException withoutConfig(Path folder) {
    Path adapter = folder.resolve("adapter_config.json");
    if (!Presence.isFile(adapter)) {
      return InputError.of("has no config.json")
          .at(Place.of(folder.toString()))
          .kind(ErrorKind.NOT_FOUND)
          .refusal();
    }
    String base = config(adapter).text("base_model_name_or_path", "");
    return InputError.of("holds an adapter and no model")
        .kind(ErrorKind.MISSING)
        .at(Place.of(folder.toString()))
        .hint("give the model it was made for", base.isEmpty() ? "" : ", " + Shown.given(base))
        .refusal();
  }

  private static ModelConfig config(Path file) {
    return new ModelConfig(file.toString(), Json.object(file, HubClient.MAX_CONFIG_BYTES));
  }
}
