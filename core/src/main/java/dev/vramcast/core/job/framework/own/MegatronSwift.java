package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.MsSwift;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Megatron-SWIFT: ms-swift's training on Megatron-Core by mcore-bridge. */
public final class MegatronSwift {

  private static final String ARGUMENTS = "swift/megatron/arguments/megatron_args.py";

  /**
   * swift/megatron/trainers of 4.6: dpo_trainer.py and kto_trainer.py have Megatron's loss of every
   * token, grpo_trainer.py forward_step the log-softmax of fp32 logits, and _maybe_compute_logps
   * scores every batch.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.IN_PLACE,
              Stage.KTO, StageHead.IN_PLACE,
              Stage.GRPO, StageHead.WHOLE),
          LossChunks.Tiles.NONE,
          Set.of(),
          EnumSet.of(
              StageHabit.DROPS_LOGITS,
              StageHabit.SCALES_IN_PLACE,
              StageHabit.SCORES_ALWAYS,
              StageHabit.WIDENS,
              StageHabit.ON_MEGATRON));

  /** Those whose encoders are of Transformers, and not of a repository's own code. */
  private static final List<String> MODELS =
      List.of(
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen2_5_omni",
          "qwen3_vl",
          "qwen3_vl_moe",
          "qwen3_5",
          "qwen3_5_moe",
          "qwen3_omni_moe",
          "glm4v",
          "glm4v_moe",
          "internvl",
          "llama4");

  public static final FrameworkRules RULES =
      Megatron.RULES
          .derive("megatron-swift")
          .is(FrameworkCode.SUPERVISED, MsSwift.SUPERVISED, "swift/megatron/arguments")
          .is(JobKey.EXPERT_TENSOR, 1, ARGUMENTS)
          .doesWhen(
              JobKey.LOSS,
              MegatronSwift::lossIsInPlace,
              ARGUMENTS + " cross_entropy_fusion_impl, which is te from 4.0.1 to 4.3",
              d -> LossKernel.TRITON)
          .is(
              LossCode.COMPILES_SHARES,
              true,
              ARGUMENTS + " cross_entropy_loss_fusion, cross_entropy_fusion_impl native")
          .is(
              LayerCode.WHOLE_ADAPTERS,
              true,
              "mcore_bridge 1.6, tuners/lora.py LoraParallelLinear update_layer")
          .is(
              LayerCode.GATHERS_RECURRENT,
              true,
              "mcore_bridge 1.6, model/modules/gated_delta_net.py GatedDeltaNet.forward")
          .is(
              JobKey.FROZEN,
              List.of(FrozenPart.values()),
              ARGUMENTS + " freeze_vit, freeze_aligner")
          .is(
              LayerCode.ENCODERS,
              LayerCode.Encoders.REPEATED,
              "mcore_bridge 1.6, model/mm_gpts/utils.py HuggingFaceVit")
          .is(LayerCode.ENCODED_MODELS, MODELS, "mcore_bridge 1.6, model/mm_gpts, register_model")
          .does(
              LayerCode.ENCODER_CHECKPOINTS,
              ARGUMENTS + " vit_gradient_checkpointing, of what is trained since 4.0",
              swift ->
                  swift.atLeast(4, 0)
                      ? LayerCode.EncoderCheckpoints.TRAINED
                      : LayerCode.EncoderCheckpoints.ALWAYS)
          .is(FrameworkCode.STAGES, STAGES, "swift/megatron/trainers")
          .doesWhen(JobKey.BETA, MegatronSwift::generates, ARGUMENTS, d -> 0.04)
          .doesWhen(
              JobKey.ENGINE,
              MegatronSwift::generates,
              ARGUMENTS + " use_vllm",
              d -> GenerationEngine.VLLM_COLOCATE)
          .is(JobKey.ENGINE_FRACTION, 0.9, ARGUMENTS)
          .done();

  private MegatronSwift() {}

  /** TransformerEngine's cross-entropy, of which a release without a number has none. */
  private static boolean lossIsInPlace(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class).isSupervised()
        && d.frameworkVersion().filter(v -> v.atLeast(4, 0) && !v.atLeast(4, 4)).isPresent();
  }

  private static boolean generates(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class).generates();
  }
}
