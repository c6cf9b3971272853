package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.AttentionKernel;
import dev.vramcast.core.job.JobKey;
import dev.vramcast.core.job.OptimizerImplementation;
import dev.vramcast.core.job.OptimizerName;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.trainer.Optimizers;

/** Words of Transformers' Trainer, which most frameworks are built on. */
final class TrainerWords {

  private TrainerWords() {}

  /**
   * Says an optimizer under a key. Where DeepSpeed runs AdamW no name is needed: it is the default,
   * and none of the names says whose code it is.
   */
  static void optimizer(Said said, Sheet sheet, String key) {
    OptimizerSettings optimizer = said.job().optimizer();
    if (optimizer.name() == OptimizerName.ADAMW
        && optimizer.implementation() == OptimizerImplementation.DEEPSPEED) {
      return;
    }
    Optimizers.named(optimizer.name().label(), optimizer.implementation().label())
        .ifPresent(
            named -> {
              sheet.put(key, named.word());
              said.says(JobKey.OPTIMIZER_NAME);
              said.settles(JobKey.OPTIMIZER_IMPLEMENTATION, named.implementation());
            });
  }

  /** Transformers' name of an attention implementation. */
  static String attention(AttentionKernel kernel) {
    return switch (kernel) {
      case FLASH -> "flash_attention_2";
      case SDPA -> "sdpa";
      case EAGER -> "eager";
      case FLEX -> "flex_attention";
    };
  }

  /** Without autocast a model computes in the dtype that its weights are loaded in. */
  static String precision(Said said) {
    Precision precision = said.precision();
    boolean autocast = precision == Precision.BF16_MIXED || precision == Precision.FP16_MIXED;
    return autocast ? precision.label() : said.job().weightDtype().label();
  }

  /** PyTorch's name of a dtype of weights. */
  static String dtype(DataType type) {
    return switch (type) {
      case FP16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }
}
