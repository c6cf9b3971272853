package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.trainer.Optimizers;

/** Words of Transformers' Trainer, which most frameworks are built on. */
public final class TrainerWords {

  private TrainerWords() {}

  /**
   * Says an optimizer under a key. Where DeepSpeed runs AdamW no name is needed: it is the default,
   * and none of the names says whose code it is.
   */
  public static void optimizer(JobCoverage coverage, OutputKeys output, String key) {
    OptimizerSettings optimizer = coverage.job().optimizer();
    if (optimizer.name() == OptimizerName.ADAMW
        && optimizer.implementation() == OptimizerImplementation.DEEPSPEED) {
      return;
    }
    Optimizers.named(optimizer.name(), optimizer.implementation())
        .ifPresent(
            named -> {
              output.put(key, named.word());
              coverage.says(JobKey.OPTIMIZER_NAME);
              coverage.settles(JobKey.OPTIMIZER_IMPLEMENTATION, named.implementation().label());
            });
  }

  /** Transformers' name of an attention implementation. */
  public static String attention(AttentionKernel kernel) {
    return switch (kernel) {
      case FLASH -> "flash_attention_2";
      case SDPA -> "sdpa";
      case EAGER -> "eager";
      case FLEX -> "flex_attention";
    };
  }

  /** Without autocast a model computes in the dtype that its weights are loaded in. */
  public static String precision(JobCoverage coverage) {
    Precision precision = coverage.precision();
    boolean autocast = precision == Precision.BF16_MIXED || precision == Precision.FP16_MIXED;
    return autocast ? precision.label() : coverage.job().weightDtype().label();
  }

  /** PyTorch's name of a dtype of weights. */
  public static String dtype(DataType type) {
    return switch (type) {
      case FP16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }
}
