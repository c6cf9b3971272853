package dev.vramcast.catalog.model;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.input.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one of the embedded files of entries. */
final class EntryFile {

  private EntryFile() {}

  /** The entries of {@code models/<file>.json} by name. */
  static Map<String, ModelEntry> read(String file) {
    String path = "models/" + file + ".json";
    Map<String, Object> content = Json.object(path, Resources.bytes(path));
    Map<String, ModelEntry> entries = new LinkedHashMap<>();
    for (Object value : new ModelConfig(path, content).list("models")) {
      ModelEntry entry = entry(new ModelConfig(path, Map.of("entry", value)).nested("entry"));
      entries.put(entry.name(), entry);
    }
    return entries;
  }

  private static ModelEntry entry(Optional<ModelConfig> content) {
    ModelConfig values = content.orElseThrow();
    String name = values.text("name", "");
    ModelConfig config =
        new ModelConfig("catalogue: " + name, values.nested("config").orElseThrow().values());
    Object parameters = values.values().get("parameters");
    return new ModelEntry(
        name,
        texts(values.list("aliases")),
        texts(values.list("hub_ids")),
        parameters instanceof Long count ? OptionalLong.of(count) : OptionalLong.empty(),
        config,
        values.text("source", ""));
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(String.class::cast).toList();
  }
}
