package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.Map;
import java.util.Set;

/**
 * Supervised fine-tuning of prime-rl as of January 2026, which shards models of Transformers by
 * FSDP2 in a loop of its own. Mixtures it has models of its own for, with grouped products.
 */
public final class PrimeRl {

  private static final String CONFIG = "src/prime_rl/trainer/config.py";
  private static final String MODEL = "src/prime_rl/trainer/model.py";
  private static final String LOOP = "src/prime_rl/trainer/sft/train.py";

  public static final FrameworkRules RULES =
      PlainLoop.RULES
          .derive("prime-rl")
          .trainsInFull(CONFIG)
          .is(JobKey.MICRO_BATCH, 1, "src/prime_rl/trainer/sft/config.py")
          .is(JobKey.MODEL_DTYPE, DataType.FP32, CONFIG + " optimization_dtype")
          .is(JobKey.PRECISION, Precision.BF16_MIXED, MODEL + " setup_fsdp")
          .is(JobKey.REDUCE_DTYPE, DataType.FP32, CONFIG)
          .is(JobKey.STRATEGY, Strategy.FSDP2, MODEL + " setup_fsdp")
          .does(JobKey.ROOT_GROUP, MODEL + " setup_fsdp", PrimeRl::rootGroup)
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, CONFIG)
          .is(JobKey.CHECKPOINTING_REENTRANT, false, MODEL + " apply_ac")
          .is(JobKey.LORA_RANK, 16, CONFIG)
          .is(JobKey.LORA_ALPHA, 32.0, CONFIG)
          .is(JobKey.EXPANDABLE_SEGMENTS, true, "src/prime_rl/rl.py; benchmarks.yaml")
          .is(CodeKey.SHARDS_CHECKPOINTS, true, MODEL + " setup_model")
          .is(CodeKey.REDUCES_EACH, true, LOOP + " train")
          .is(CodeKey.AUTOCASTS_UNDER_FSDP, false, MODEL + " setup_fsdp")
          .is(CodeKey.GROUPS_EXPERTS, true, CONFIG + " moe_use_grouped_mm")
          .is(
              CodeKey.OUTPUT_DTYPE,
              OutputDtype.FP32,
              "src/prime_rl/trainer/models/layers/lm_head.py cast_float_and_contiguous")
          .is(CodeKey.KEPT_OUTPUTS, KeptOutputs.INTO_NEXT_STEP, LOOP + " train")
          .is(CodeKey.LOSS_IN_LOOP, true, LOOP + " train")
          .done();

  private PrimeRl() {}

  /** Embedding and head have groups of their own unless one weight is both. */
  private static RootGroup rootGroup(PartialJob d) {
    Map<String, Object> config = d.document().modelConfig().orElse(Map.of());
    return Set.of(false).contains(config.getOrDefault("tie_word_embeddings", true))
        ? RootGroup.SPLIT
        : RootGroup.PLAIN_RAF;
  }
}
