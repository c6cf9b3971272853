package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** verl 0.9: actor, reference and engine on the same GPUs, one after the other. */
public final class Verl {

  private static final String ENGINE = "verl/trainer/config/engine/fsdp.yaml";
  private static final String MODEL = "verl/trainer/config/model/hf_model.yaml";
  private static final String ROLLOUT = "verl/trainer/config/rollout/rollout.yaml";
  private static final String WORKER = "verl/workers/engine/fsdp/transformer_impl.py";

  public static final FrameworkRules RULES =
      hybrid("verl", ENGINE, MODEL, WORKER, 16)
          .is(JobKey.ENGINE_FRACTION, 0.5, ROLLOUT)
          .is(JobKey.ENGINE_TENSOR, 2, ROLLOUT)
          .done();

  private Verl() {}

  /** What EasyR1, which began as verl, has in common with it. */
  static FrameworkRules.Table hybrid(
      String name, String engine, String model, String worker, double alpha) {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive(name)
            .trainsInFull(model)
            .is(JobKey.LORA_ALPHA, alpha, model)
            .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), model)
            .is(JobKey.MODEL_DTYPE, DataType.FP32, engine)
            .is(JobKey.PRECISION, Precision.BF16_MIXED, worker + " MixedPrecision")
            .is(JobKey.REDUCE_DTYPE, DataType.FP32, worker + " MixedPrecision")
            .is(JobKey.CHECKPOINTING, Checkpointing.FULL, model)
            .is(JobKey.CHECKPOINTING_REENTRANT, false, worker)
            .is(JobKey.ATTENTION, AttentionKernel.FLASH, worker)
            .is(JobKey.PADDING, Padding.PACKED, model)
            .spreads(engine, d -> Strategy.FSDP1);
    Completed.lengths(table, 512, 512, "verl/trainer/config");
    return Completed.engine(table, GenerationEngine.VLLM_COLOCATE, "verl/trainer/config");
  }
}
