package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/** ColossalAI 0.4 with the scripts of its application ColossalChat, under its plugins zero. */
public final class ColossalAi {

  private static final String SCRIPT =
      "applications/ColossalChat/examples/training_scripts/train_sft.py";
  private static final String TRAINER = "applications/ColossalChat/coati/trainer/sft.py _train";
  private static final String EVALUATION = "applications/ColossalChat/coati/trainer/sft.py _eval";
  private static final String SAVES = "applications/ColossalChat/coati/utils/ckpt_io.py";
  private static final String PLUGIN = "colossalai/booster/plugin/low_level_zero_plugin.py";
  private static final String LORA = "applications/ColossalChat/coati/models/lora.py";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("colossalai")
          .is(
              FrameworkCode.SUPERVISED,
              Stage.nextTokens(),
              "applications/ColossalChat/coati/trainer")
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, "colossalai/booster/booster.py boost")
          .trainsInFull(SCRIPT)
          .is(LossCode.FUSED, LossKernel.FULL, TRAINER)
          .is(LossCode.LIGER_REACHES, false, TRAINER)
          .is(JobKey.PRECISION, Precision.BF16, SCRIPT + " mixed_precision")
          .does(JobKey.MODEL_DTYPE, PLUGIN, d -> CommonRules.dtype(d.precision()))
          .is(LoopCode.AUTOCASTS_APART, false, PLUGIN)
          .is(JobKey.OPTIMIZER_NAME, OptimizerName.ADAMW, SCRIPT + " HybridAdam")
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.APEX,
              "colossalai/nn/optimizer/hybrid_adam.py multi_tensor_applier")
          .is(
              JobKey.PADDING,
              Padding.LONGEST,
              "applications/ColossalChat/coati/dataset/loader.py DataCollatorForSupervisedDataset")
          .does(JobKey.LORA_DTYPE, LORA + " new_zeros", PartialJob::modelDtype)
          .spreads(SCRIPT + " plugin", d -> Strategy.ZERO2)
          .is(SpreadCode.STRATEGIES, List.of(Strategy.ZERO1, Strategy.ZERO2), PLUGIN)
          .is(SpreadCode.ZERO, ZeroConfiguration.SLICED, PLUGIN)
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.NEVER,
              "colossalai/booster/plugin/torch_ddp_plugin.py")
          .is(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP, TRAINER)
          .is(LoopCode.FETCHES_STEP, false, TRAINER)
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.OWN, EVALUATION)
          .is(SaveCode.WRITER, SaveCode.Writer.UNKNOWN, SAVES + ", not described")
          .done();

  private ColossalAi() {}
}
