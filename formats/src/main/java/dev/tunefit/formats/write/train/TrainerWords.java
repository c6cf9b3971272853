package dev.tunefit.formats.write.train;

import dev.tunefit.core.job.AttentionKernel;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.OptimizerImplementation;
import dev.tunefit.core.job.OptimizerName;
import dev.tunefit.core.job.OptimizerSettings;
import dev.tunefit.core.units.DataType;
import java.util.Optional;

/** Words of Transformers' Trainer, which most frameworks are built on. */
final class TrainerWords {

  private TrainerWords() {}

  /**
   * The name of an optimizer: {@code OptimizerNames} of training_args.py, and {@code muon}, which
   * frameworks add. Empty for one without a name.
   */
  static Optional<String> optimizer(OptimizerSettings optimizer) {
    OptimizerImplementation code = optimizer.implementation();
    return Optional.ofNullable(
        switch (optimizer.name()) {
          case ADAMW -> adamw(code);
          case ADAMW_8BIT ->
              code == OptimizerImplementation.TORCHAO ? "adamw_torch_8bit" : "adamw_bnb_8bit";
          case ADAMW_4BIT -> "adamw_torch_4bit";
          case PAGED_ADAMW -> "paged_adamw_32bit";
          case PAGED_ADAMW_8BIT -> "paged_adamw_8bit";
          case ADAFACTOR -> "adafactor";
          case LION -> "lion_32bit";
          case LION_8BIT -> "lion_8bit";
          case SGD -> "sgd";
          case MUON -> "muon";
          case GALORE -> "galore_adamw";
          case NONE -> null;
        });
  }

  /** Under ZeRO DeepSpeed runs the update, whichever of the Trainer's names is given. */
  private static String adamw(OptimizerImplementation code) {
    return switch (code) {
      case FUSED, DEEPSPEED -> "adamw_torch_fused";
      case APEX -> "adamw_apex_fused";
      case FOREACH, FOR_LOOP, MOMENTUM, BITSANDBYTES, TORCHAO -> "adamw_torch";
    };
  }

  /** Says an optimizer under a key. */
  static void optimizer(Said said, Sheet sheet, String key) {
    OptimizerSettings optimizer = said.job().optimizer();
    Optional<String> name = optimizer(optimizer);
    if (name.isEmpty()) {
      return;
    }
    sheet.put(key, name.get());
    said.says(JobKey.OPTIMIZER_NAME);
    boolean otherCode =
        optimizer.name() == OptimizerName.ADAMW
            && switch (optimizer.implementation()) {
              case FUSED, FOREACH, APEX, DEEPSPEED -> false;
              case FOR_LOOP, MOMENTUM, BITSANDBYTES, TORCHAO -> true;
            };
    said.settles(
        JobKey.OPTIMIZER_IMPLEMENTATION,
        otherCode ? OptimizerImplementation.FOREACH : optimizer.implementation());
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

  /** PyTorch's name of a dtype of weights. */
  static String dtype(DataType type) {
    return switch (type) {
      case FP16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }
}
