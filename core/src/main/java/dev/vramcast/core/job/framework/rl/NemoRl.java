package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** NeMo-RL 0.7, whose recipes state every setting; fp32 shards that FSDP2 computes with in bf16. */
public final class NemoRl {

  private static final String SAVES = "nemo_rl/utils/native_checkpoint.py";

  private static final String RECIPE = "examples/configs/grpo_math_1B.yaml";
  private static final String WORKER = "nemo_rl/models/automodel/setup.py";

  private static final String GRPO = "nemo_rl/algorithms/grpo.py";
  private static final String MEGATRON = "nemo_rl/models/policy/workers/megatron_policy_worker.py";

  /** Completions of a step: {@code num_prompts_per_step} of {@code num_generations_per_prompt}. */
  private static final int OF_A_STEP = 32 * 16;

  /**
   * {@code get_logprobs_from_logits} takes the log-softmax of all logits in fp32
   * (nemo_rl/algorithms/loss/utils.py); the policy scores every batch; the reference's weights wait
   * on the host and change places with the policy's ({@code use_reference_model}).
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.WHOLE,
              Stage.GRPO, StageHead.WHOLE,
              Stage.REWARD, StageHead.SCORE,
              Stage.RLOO, StageHead.WHOLE),
          LossChunks.Tiles.NONE,
          Set.of(),
          EnumSet.of(
              StageHabit.DROPS_LOGITS,
              StageHabit.SCORES_ALWAYS,
              StageHabit.SCORES_EACH_STEP,
              StageHabit.COUNTS_PROMPTS,
              StageHabit.ON_MEGATRON,
              StageHabit.FITS_ENGINE,
              StageHabit.SWAPS_REFERENCE));

  public static final FrameworkRules RULES = rules();

  private NemoRl() {}

  private static FrameworkRules rules() {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive("nemo-rl")
            .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "nemo_rl/algorithms")
            .is(LoopCode.PREPARED_BY_ACCELERATE, false, RECIPE)
            .trainsInFull(RECIPE)
            .leftOut(JobKey.MODEL_DTYPE, JobKey.PRECISION, JobKey.STRATEGY)
            .is(SpreadCode.WIDENS_SHARDS, false, RECIPE)
            .is(
                LayerCode.WHOLE_EMBEDDING,
                false,
                "nemo_rl/models/dtensor/parallelize.py get_hf_tp_plan")
            .is(
                LoopCode.FETCHES_STEP,
                true,
                "nemo_rl/models/policy/workers/dtensor_policy_worker.py train")
            .is(LossCode.FUSED, LossKernel.FULL, WORKER)
            .is(LossCode.LIGER_REACHES, false, WORKER)
            .is(LoopCode.AUTOCASTS_UNDER_FSDP2, true, WORKER)
            .is(JobKey.LORA_ALPHA, 32.0, RECIPE)
            .does(
                JobKey.MODEL_DTYPE,
                WORKER + "; of Megatron nemo_rl/models/megatron/setup.py _apply_precision_config",
                NemoRl::asReduced)
            .is(JobKey.PRECISION, Precision.BF16_MIXED, WORKER)
            .does(
                JobKey.REDUCE_DTYPE,
                WORKER + "; of Megatron " + RECIPE + " grad_reduce_in_fp32",
                NemoRl::asReduced)
            .is(JobKey.ROOT_GROUP, RootGroup.PLAIN, WORKER)
            .does(JobKey.ATTENTION, WORKER, NemoRl::attention)
            .is(JobKey.MICRO_BATCH, 4, RECIPE)
            .spreads(RECIPE, d -> Strategy.FSDP2)
            .doesWhen(JobKey.SEQUENCE_PARALLEL, NemoRl::dividesExperts, MEGATRON, d -> true)
            .is(JobKey.ENGINE_FRACTION, 0.6, RECIPE)
            .doesWhen(
                JobKey.STEPS_PER_GENERATION,
                Completed::generates,
                RECIPE,
                d -> Completed.rounds(d, OF_A_STEP))
            .doesWhen(
                JobKey.OFFLOAD_WHILE_GENERATING,
                Completed::sharesCards,
                MEGATRON + " offload_before_refit, offload_after_refit",
                d -> List.of("parameters", "optimizer"))
            .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, WORKER)
            .is(SpreadCode.REDUCES_EACH, true, "nemo_rl/models/automodel/train.py")
            .is(KernelCode.MEGATRON_CORE, true, MEGATRON)
            .is(SpreadCode.OFFLOADS_BETWEEN, true, GRPO + " refit_policy_generation")
            .is(FrameworkCode.STAGES, STAGES, "nemo_rl/algorithms/loss/utils.py")
            .is(
                EvaluationCode.LOOP,
                EvaluationCode.Loop.UNKNOWN,
                "nemo_rl/algorithms/sft.py validate, not described")
            .is(SaveCode.WRITER, SaveCode.Writer.DCP, SAVES)
            .is(SaveCode.FSDP2, SaveCode.StateDict.SHARDED, SAVES)
            .is(
                SaveCode.CONSOLIDATOR,
                SaveCode.Consolidator.NONE,
                "examples/converters/convert_dcp_to_hf.py, not described")
            .is(SaveCode.INTERVAL, new SaveCode.Steps(10), RECIPE + " save_period")
            .is(SaveCode.KEPT, new SaveCode.Kept(3), RECIPE + " keep_top_k");
    Completed.resident(table, 1, "nemo_rl/models/generation/vllm/vllm_worker.py");
    return Completed.engine(table, GenerationEngine.VLLM_COLOCATE, RECIPE).done();
  }

  /** Experts behind tensor parallelism, which Megatron-Core trains no other way. */
  private static boolean dividesExperts(PartialJob d) {
    return d.strategy() == Strategy.MEGATRON
        && d.whole(JobKey.TENSOR) > 1
        && d.whole(JobKey.EXPERT) > 1;
  }

  /** Megatron's parameters, and unless asked its gradients, have the dtype of products. */
  private static DataType asReduced(PartialJob d) {
    return d.strategy() == Strategy.MEGATRON ? CommonRules.dtype(d.precision()) : DataType.FP32;
  }

  /** Packed rows need a kernel that takes their lengths. */
  private static AttentionKernel attention(PartialJob d) {
    return d.get(JobKey.PADDING, Padding.class) == Padding.PACKED
        ? AttentionKernel.FLASH
        : AttentionKernel.SDPA;
  }
}
