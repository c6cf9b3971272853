package dev.vramcast.catalog.model;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The config of a model with the modules that stay in 16 bits where it is loaded in fewer. */
public final class LoadedConfig {

  private static final String STORED = "quantization_config";
  private static final String LIST = "llm_int8_skip_modules";

  private LoadedConfig() {}

  /**
   * As a job's framework loads the model: those of the copy that it takes, and else those that it
   * leaves out of what it quantises itself.
   *
   * @param copy the one that suits the job
   */
  public static ModelConfig of(ModelConfig config, Optional<DynamicCopy> copy, ResolvedJob job) {
    ModelConfig held = copy.map(each -> each.in(config)).orElse(config);
    List<String> own = job.frameworkCode().get(LayerCode.KEPT_MODULES);
    boolean keeps = job.quantization().byBitsandbytes() && !own.isEmpty() && hasEncoders(config);
    return Families.loaded(keeps ? keeping(held, own) : held, job.modelClass());
  }

  /** The config with these, unless it names some itself. */
  static ModelConfig keeping(ModelConfig config, List<String> modules) {
    Map<String, Object> stored = new LinkedHashMap<>();
    config.nested(STORED).ifPresent(own -> stored.putAll(own.values()));
    if (modules.isEmpty() || stored.get(LIST) instanceof List<?>) {
      return config;
    }
    stored.put(LIST, modules);
    return config.with(Map.of(STORED, stored));
  }

  private static boolean hasEncoders(ModelConfig config) {
    return Families.find(config)
        .map(Architecture::towers)
        .filter(all -> !all.isEmpty())
        .isPresent();
  }
}
