package dev.vramcast.catalog.model;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * One model of the embedded catalogue.
 *
 * @param name catalogue name in lower case, e.g. {@code llama-3.1-8b}
 * @param aliases further names
 * @param hubIds repositories with this config, the original first
 * @param parameters elements of all parameters as published, where that is known for certain
 * @param config the keys of its {@code config.json} that decide shapes
 * @param source where the values come from
 */
public record ModelEntry(
    String name,
    List<String> aliases,
    List<String> hubIds,
    OptionalLong parameters,
    ModelConfig config,
    String source) {

  public ModelEntry {
    aliases = List.copyOf(aliases);
    hubIds = List.copyOf(hubIds);
  }

  /** The original repository. */
  public String hubId() {
    return hubIds.get(0);
  }
}
