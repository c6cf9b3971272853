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

  /** Recipes of fp8. */
  public static final String DELAYED = "delayed";

  public static final String TENSORWISE = "tensorwise";

  public static final String BLOCKWISE = "blockwise";

  private NarrowRules() {}

  /**
   * What stands where the model has linears. Where nobody says whose code computes in fp8,
   * accelerate takes torchao where it is there (accelerator.py, {@code fp8_backend}), which has no
   * MXFP8; Megatron knows TransformerEngine alone.
   */
  public static NarrowLinears linears(PartialJob d) {
    boolean fp8 = d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.FP8);
    boolean blocks = d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.MXFP8);
    if (d.strategy() == Strategy.MEGATRON) {
      return onMegatron(d);
    }
    if (!(fp8 || blocks)) {
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
   * TransformerEngine by the recipe (megatron/core/fp8_utils.py get_fp8_recipe, fp4_utils.py), in
   * which {@code fp8_recipe} is delayed where nobody says it.
   */
  private static NarrowLinears onMegatron(PartialJob d) {
    boolean others =
        d.isSet(JobKey.TRAINING_IMPLEMENTATION)
            && !d.isSet(JobKey.TRAINING_IMPLEMENTATION, TRANSFORMER_ENGINE);
    if (others || !d.isSet(JobKey.TRAINING_SCHEME)) {
      return NarrowLinears.NONE;
    }
    return switch (d.get(JobKey.TRAINING_SCHEME, String.class)) {
      case NarrowLinears.FP8 -> byRecipe(d);
      case NarrowLinears.MXFP8 -> NarrowLinears.ENGINE_BLOCKS;
      case NarrowLinears.NVFP4 -> NarrowLinears.ENGINE_FP4;
      default -> NarrowLinears.NONE;
    };
  }

  private static NarrowLinears byRecipe(PartialJob d) {
    if (d.isSet(JobKey.TRAINING_RECIPE, TENSORWISE)) {
      return NarrowLinears.CURRENT_TURNED;
    }
    return d.isSet(JobKey.TRAINING_RECIPE, BLOCKWISE)
        ? NarrowLinears.ENGINE_SQUARES
        : NarrowLinears.ENGINE_TURNED;
  }

  /**
   * Whether checkpoints would have to be reentrant: others bring tensors back one by one and count
   * those of the first run, which is under {@code fp8_autocast}, and of the second, which is not
   * (torch/utils/checkpoint.py check_recomputed_tensors_match).
   */
  public static boolean needReentrantCheckpoints(PartialJob d) {
    return d.strategy() != Strategy.MEGATRON && linears(d).areEngines();
  }
}
