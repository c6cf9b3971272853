package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.SupportedVersions;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;

/**
 * What frameworks with models of their own have in common: no autocast, no PEFT, gradients reduced
 * as they are.
 */
public final class OwnModels {

  private static final FrameworkRules RULES =
      CommonRules.TABLE
          .derive("native")
          // Their recipes name these.
          .leftOut(
              JobKey.METHOD,
              JobKey.OPTIMIZER_NAME,
              JobKey.PRECISION,
              JobKey.MODEL_DTYPE,
              JobKey.STRATEGY,
              JobKey.DOUBLE_QUANT)
          .rule(JobKey.PRECISION, Rule.assumed(Precision.BF16, "the usual case of such frameworks"))
          .rule(
              JobKey.MODEL_DTYPE,
              Rule.derived("precision without autocast", d -> CommonRules.dtype(d.precision())))
          .rule(
              JobKey.TRANSFORMERS_VERSION,
              Rule.derived(
                  "its models are written as the newest ones", d -> SupportedVersions.TRANSFORMERS))
          .rule(JobKey.LORA_DTYPE, Rule.derived("model.dtype", PartialJob::modelDtype))
          .rule(JobKey.LORA_KBIT_PREPARE, Rule.derived("a step of PEFT only", d -> false))
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.derived("PyTorch's default", OptimizerRules::ofTorch))
          .done();

  private OwnModels() {}

  /**
   * A framework that starts from these rules.
   *
   * @param models where its own are
   */
  static FrameworkRules.Table table(String name, String models) {
    return RULES
        .derive(name)
        .is(FrameworkCode.MODELS, FrameworkCode.Models.OWN, models)
        .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), models);
  }

  /** Full training under autocast, sharded by FSDP1. */
  static FrameworkRules.Table mixedFsdp(String name, String models, String source) {
    return table(name, models)
        .trainsInFull(source)
        .is(JobKey.PRECISION, Precision.BF16_MIXED, source)
        .is(JobKey.MODEL_DTYPE, DataType.FP32, source)
        .spreads(source, d -> Strategy.FSDP1);
  }

  /** Full training in bf16 on packed sequences with a flash kernel. */
  static FrameworkRules.Table fused(String name, String models, String source) {
    return table(name, models)
        .trainsInFull(source)
        .is(JobKey.ATTENTION, AttentionKernel.FLASH, source);
  }

  /** Gradients keep the dtype they are computed in; fp16 ones become fp32. */
  static DataType reduceAsComputed(PartialJob d) {
    return CommonRules.dtype(d.precision()) == DataType.BF16 ? DataType.BF16 : DataType.FP32;
  }
}
