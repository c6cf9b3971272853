package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenRLHF 0.11, on DeepSpeed. */
public final class OpenRlhf {

  private static final String PPO = "openrlhf/cli/train_ppo_ray.py";
  private static final String SFT = "openrlhf/trainer/sft_trainer.py";
  private static final String DPO = "openrlhf/cli/train_dpo.py";
  private static final String STRATEGY = "openrlhf/utils/deepspeed/deepspeed.py";

  private static final String ACTOR = "openrlhf/models/actor.py Actor.forward";

  /**
   * Logits are made fp32, divided in place, and go through flash-attn's cross-entropy, whose
   * gradient has a place of its own. Nobody reads them behind it; actor and critic are models of
   * their own with a DeepSpeed engine each.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.KERNEL,
              Stage.REWARD, StageHead.SCORE,
              Stage.GRPO, StageHead.KERNEL,
              Stage.RLOO, StageHead.KERNEL,
              Stage.PPO, StageHead.KERNEL),
          LossChunks.Tiles.NONE,
          Set.of(),
          EnumSet.of(
              StageHabit.WIDENS,
              StageHabit.DROPS_LOGITS,
              StageHabit.SCALES_IN_PLACE,
              StageHabit.READS_ALL,
              StageHabit.SCORES_ALWAYS,
              StageHabit.SCORES_EACH_STEP,
              StageHabit.KNOWS_VLLM_ALONE,
              StageHabit.COUNTS_PROMPTS,
              StageHabit.VALUES_APART));

  public static final FrameworkRules RULES = rules();

  private OpenRlhf() {}

  private static FrameworkRules rules() {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive("openrlhf")
            .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "openrlhf/cli")
            .is(LoopCode.PREPARED_BY_ACCELERATE, false, "openrlhf/utils/deepspeed/deepspeed.py")
            .is(LoopCode.TRAINS_PAIRS, false, "openrlhf/datasets/sft_dataset.py")
            .is(LoopCode.HEADS_OF_CLASSES, false, "openrlhf/models/model.py _get_reward_model")
            .trainsInFull(DPO)
            .leftOut(JobKey.MODEL_DTYPE, JobKey.PRECISION)
            .is(JobKey.LORA_ALPHA, 16.0, DPO)
            .is(LossCode.FUSED, LossKernel.FULL, "openrlhf/models/actor.py")
            .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), DPO)
            .is(JobKey.MODEL_DTYPE, DataType.BF16, DPO)
            .is(JobKey.PRECISION, Precision.BF16, STRATEGY)
            .is(JobKey.ATTENTION, AttentionKernel.FLASH, DPO)
            .does(JobKey.MICRO_BATCH, DPO, d -> Completed.generates(d) ? 1 : 8)
            .does(JobKey.SEQUENCE_LENGTH, DPO, d -> isPair(d) ? 512 : 2048)
            // One process has its optimizer's states in DeepSpeed's stage too.
            .is(JobKey.STRATEGY, Strategy.ZERO2, DPO)
            .is(SpreadCode.ZERO, ZeroConfiguration.DEEPSPEED_DEFAULTS, STRATEGY)
            .is(LoopCode.FETCHES_STEP, false, SFT + " fit")
            .is(EvaluationCode.LOOP, EvaluationCode.Loop.OWN, SFT + " evaluate")
            .is(SaveCode.INTERVAL, new SaveCode.AtEnd(), DPO + " ckpt.save_steps")
            .is(SaveCode.STATES, false, STRATEGY + " save_model")
            .is(JobKey.SEQUENCE_SCHEME, SequenceScheme.ALLGATHER, STRATEGY + " setup_ring_attn")
            .is(AttentionCode.RING, AttentionCode.Ring.FLASH, STRATEGY + " setup_ring_attn")
            .is(SaveCode.GATHERS_ZERO3, true, STRATEGY + " _consolidated_16bit_state_dict")
            .is(JobKey.ENGINE_FRACTION, 0.95, PPO)
            .doesWhen(JobKey.BETA, Completed::generates, PPO, d -> 0.01)
            .doesWhen(JobKey.REFERENCE, OpenRlhf::compares, PPO, OpenRlhf::reference)
            .doesWhen(
                JobKey.STEPS_PER_GENERATION,
                Completed::generates,
                PPO + " rollout.batch_size",
                d -> Completed.rounds(d, 1024))
            .is(FrameworkCode.STAGES, STAGES, ACTOR);
    Completed.resident(table, 0, PPO);
    return Completed.engine(table, GenerationEngine.VLLM_SERVER, PPO).done();
  }

  private static boolean compares(PartialJob d) {
    return Completed.generates(d) || d.get(JobKey.STAGE, Stage.class) == Stage.DPO;
  }

  /** A second model, with adapters too; none where its weight is 0. */
  private static ReferenceSource reference(PartialJob d) {
    boolean weighs = d.find(JobKey.BETA, Double.class).orElse(1.0) > 0;
    return weighs ? ReferenceSource.COPY : ReferenceSource.NONE;
  }

  private static boolean isPair(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage == Stage.DPO || stage == Stage.REWARD;
  }
}
