package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;

/** Whose linears compute in 8 bits. */
public final class NarrowRules {

  /** The implementation whose linears stand in the place of a model's own. */
  public static final String TRANSFORMER_ENGINE = "transformer-engine";

  /** That of torchao. */
  public static final String TORCHAO = "torchao";

  private NarrowRules() {}

  /**
   * What stands where the model has linears. Where nobody says whose code computes in fp8,
   * accelerate takes torchao where it is there (accelerator.py, {@code fp8_backend}), which has no
   * MXFP8; Megatron knows TransformerEngine alone.
   */
  public static NarrowLinears linears(PartialJob d) {
    boolean fp8 = d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.FP8);
    boolean blocks = d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.MXFP8);
    if (!(fp8 || blocks) || d.strategy() == Strategy.MEGATRON) {
      return NarrowLinears.NONE;
    }
    if (d.isSet(JobKey.TRAINING_IMPLEMENTATION, TRANSFORMER_ENGINE)) {
      return blocks ? NarrowLinears.ENGINE_BLOCKS : NarrowLinears.ENGINE_TURNED;
    }
    boolean torchao =
        !d.isSet(JobKey.TRAINING_IMPLEMENTATION)
            || d.isSet(JobKey.TRAINING_IMPLEMENTATION, TORCHAO);
    return fp8 && torchao ? NarrowLinears.TORCHAO : NarrowLinears.NONE;
  }

  /**
   * Whether checkpoints would have to be reentrant: others bring tensors back one by one and count
   * those of the first run, which is under {@code fp8_autocast}, and of the second, which is not
   * (torch/utils/checkpoint.py check_recomputed_tensors_match).
   */
  public static boolean needReentrantCheckpoints(PartialJob d) {
    return linears(d).areEngines();
  }
}
