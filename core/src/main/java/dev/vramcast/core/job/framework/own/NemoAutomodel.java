package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.units.DataType;
import java.util.Map;
import java.util.Set;

/** NeMo AutoModel. */
public final class NemoAutomodel {

  /** {@code out} is a variable of the method that calls {@code backward}. */
  private static final String RECIPE =
      "nemo_automodel/recipes/llm/train_ft.py _forward_backward_step";

  private static final String DISTILS = "nemo_automodel/recipes/llm/kd.py _forward_backward_step";

  private static final StageCode STAGES =
      new StageCode(
          Map.of(Stage.DISTILLATION, StageHead.FORWARD_KL),
          LossChunks.Tiles.NONE,
          Set.of(),
          Set.of(StageHabit.TEACHER_FIRST));

  public static final FrameworkRules RULES =
      OwnModels.table("nemo-automodel", "nemo_automodel/components/models")
          .is(
              FrameworkCode.SUPERVISED,
              Stage.nextTokens(Stage.CLASSIFICATION),
              "nemo_automodel/recipes/llm/train_seq_cls.py")
          .trainsInFull("nemo_automodel/recipes/llm/train_ft.py")
          .spreads("nemo_automodel/components/distributed/fsdp2.py", d -> Strategy.FSDP2)
          .is(JobKey.REDUCE_DTYPE, DataType.FP32, "nemo_automodel/components/distributed/fsdp2.py")
          .is(
              LossCode.SPLITS_VOCABULARY,
              true,
              "nemo_automodel/components/distributed/optimized_tp_plans.py")
          .is(
              LayerCode.CHECKPOINTS_PARTS,
              true,
              "nemo_automodel/components/distributed/activation_checkpointing.py"
                  + " apply_submodule_checkpointing")
          .is(FrameworkCode.STAGES, STAGES, DISTILS)
          .is(LossCode.IN_LOOP, true, RECIPE)
          .is(LossCode.FUSED, LossKernel.CCE, "nemo_automodel/components/loss/linear_ce.py")
          .is(LoopCode.OUTPUTS, KeptOutputs.THROUGH_BACKWARD, RECIPE)
          .is(
              LossCode.OUTPUTS,
              OutputDtype.AS_COMPUTED,
              "nemo_automodel/components/loss/masked_ce.py")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "nemo_automodel/components")
          .done();

  private NemoAutomodel() {}
}
