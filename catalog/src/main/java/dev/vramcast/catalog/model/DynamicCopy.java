package dev.vramcast.catalog.model;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.Version;
import java.util.List;

/**
 * One of the 4-bit checkpoints that Unsloth publishes beside models, in which some modules stay in
 * 16 bits.
 *
 * @param name the repository on the Hub
 * @param since first release of Unsloth that loads it where the model is asked for
 * @param kept modules in 16 bits, as {@code llm_int8_skip_modules} names them; empty where that is
 *     not known
 */
public record DynamicCopy(String name, Version since, List<String> kept, Basis basis) {

  /** What is known of the modules in 16 bits. */
  public enum Basis {
    /** Their names. */
    LISTED,
    /** How many bytes of them there are; the modules stand for whichever they are. */
    SIZED,
    /** Nothing. */
    UNKNOWN
  }

  public DynamicCopy {
    kept = List.copyOf(kept);
  }

  /** The model that it is a copy of, under the same owner. */
  public String model() {
    return name.substring(0, name.length() - CopyNames.DYNAMIC.length());
  }

  /**
   * Whether the job's loader would take it for the model's weights in 4 bits. Weights in 16 bits
   * are not asked about: no module of them is otherwise than the rest.
   */
  public boolean suits(ResolvedJob job) {
    QuantizationScheme scheme = job.quantization().scheme();
    return (scheme == QuantizationScheme.NF4 || scheme == QuantizationScheme.NONE)
        && job.frameworkCode().get(LayerCode.DYNAMIC_COPIES).has(since);
  }

  /** Whether the job loads it. */
  public boolean isLoadedBy(ResolvedJob job) {
    return suits(job) && job.quantization().scheme() == QuantizationScheme.NF4;
  }

  /** The model's config with the modules in 16 bits, unless it names some itself. */
  public ModelConfig in(ModelConfig config) {
    return LoadedConfig.keeping(config, kept);
  }

  /** What is taken of it. */
  public Notice inWords() {
    return switch (basis) {
      case LISTED -> Notice.of("in ", Shown.given(name), " these stay in 16 bits: ", listed());
      case SIZED ->
          Notice.of("in ", Shown.given(name), " modules stay in 16 bits; by the size of its files")
              .and(" they are taken to be ", listed());
      case UNKNOWN ->
          Notice.of("in ", Shown.given(name), " modules stay in 16 bits; which is not known here,")
              .and(" so none is counted and the estimate is too low: give its config.json as")
              .and(" model.config");
    };
  }

  private String listed() {
    return String.join(", ", kept);
  }
}
