package dev.vramcast.answers.request;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models beside the one that is trained, of which a job says the names alone. */
public final class NamedModels {

  private static final List<JobKey> SINGLE = List.of(JobKey.TEACHER, JobKey.VALUE_MODEL);

  private NamedModels() {}

  /**
   * The document with the content of their config.json, where the catalogue has them; else as it
   * is, which is then not modelled.
   */
  public static JobDocument found(JobDocument document) {
    JobDocument found = document;
    for (JobKey key : SINGLE) {
      if (found.value(key, Object.class).isPresent()) {
        Object given = found.value(key, Object.class).orElseThrow();
        found = with(found, key, given, config(given));
      }
    }
    List<?> rewards = document.value(JobKey.REWARD_MODELS, List.class).orElse(List.of());
    List<?> known = rewards.stream().map(NamedModels::config).toList();
    return with(found, JobKey.REWARD_MODELS, rewards, known);
  }

  private static JobDocument with(JobDocument document, JobKey key, Object given, Object known) {
    return known.equals(given)
        ? document
        : document.with(key, known, document.place(key).orElse(new Place.Chosen("the catalogue")));
  }

  private static Object config(Object given) {
    return given instanceof String name
        ? ModelCatalog.embedded()
            .find(name)
            .or(() -> ModelCatalog.embedded().find(lastPart(name)))
            .<Object>map(entry -> named(entry, name))
            .orElse(given)
        : given;
  }

  /** With what Transformers loads, which does not know the catalogue's names. */
  private static Map<String, Object> named(ModelEntry entry, String name) {
    boolean path = name.contains("/") || name.contains("\\");
    Map<String, Object> config = new LinkedHashMap<>(entry.config().values());
    config.put(ModelConfig.NAME, path ? name : ModelCatalog.embedded().repository(entry, name));
    return config;
  }

  /** What a folder or a copy is called. */
  private static String lastPart(String name) {
    String path = name.strip().replaceFirst("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
