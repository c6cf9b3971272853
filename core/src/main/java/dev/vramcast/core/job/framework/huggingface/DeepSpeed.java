package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** DeepSpeed without a Trainer: stage 0 is plain data parallelism. */
public final class DeepSpeed {

  private static final int USUAL = 256;

  private static final String LOOP = "deepspeed, docs/_tutorials/getting-started.md";
  private static final String CHAT = "DeepSpeedExamples, DeepSpeed-Chat/dschat/rlhf/ppo_trainer.py";

  /**
   * PPO of DeepSpeed-Chat: {@code gather_log_probs} takes the whole log-softmax in the dtype of the
   * logits, actor and critic have engines and steps of their own, and {@code generate} fills the
   * answer's length up where its benchmarks set it.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(Stage.PPO, StageHead.WHOLE),
          LossChunks.Tiles.NONE,
          Set.of(),
          EnumSet.of(
              StageHabit.KEEPS_DTYPE,
              StageHabit.DROPS_LOGITS,
              StageHabit.SCORES_ALWAYS,
              StageHabit.COUNTS_PROMPTS,
              StageHabit.VALUES_APART,
              StageHabit.GENERATES_ALL));

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("deepspeed")
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, "deepspeed/__init__.py initialize")
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.PRECISION, JobKey.STRATEGY)
          .is(JobKey.MICRO_BATCH, 1, "deepspeed/runtime/config.py")
          .does(
              JobKey.PRECISION,
              "deepspeed/runtime/precision_config.py",
              d -> Precision.pure(d.modelDtype()))
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.DEEPSPEED,
              "deepspeed/runtime/engine.py FusedAdam")
          .does(
              JobKey.ZERO_INIT,
              "deepspeed/__init__.py initialize; DeepSpeed-Chat, dschat/utils/model/model_utils.py"
                  + " create_hf_model, which has HfDeepSpeedConfig",
              d -> d.get(JobKey.STAGE, Stage.class) == Stage.PPO && !d.isQuantized())
          .is(
              SpreadCode.STRATEGIES,
              List.of(Strategy.DDP, Strategy.ZERO2, Strategy.ZERO3),
              "deepspeed/runtime/config.py")
          .is(
              SpreadCode.ZERO,
              ZeroConfiguration.DEEPSPEED_DEFAULTS,
              "deepspeed/runtime/zero/config.py")
          .is(FrameworkCode.STAGES, STAGES, CHAT)
          .is(LoopCode.FETCHES_STEP, false, LOOP)
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.UNKNOWN, LOOP + ", which evaluates nothing")
          .doesWhen(
              JobKey.SEQUENCE_LENGTH,
              d -> d.get(JobKey.STAGE, Stage.class) == Stage.PPO,
              "DeepSpeedExamples, step3_rlhf_finetuning/main.py max_prompt_seq_len",
              DeepSpeed::length)
          .done();

  private DeepSpeed() {}

  /** {@code max_prompt_seq_len} and {@code max_answer_seq_len}. */
  private static Object length(PartialJob d) {
    return d.document().value(JobKey.PROMPT_LENGTH, Integer.class).orElse(USUAL)
        + d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(USUAL);
  }
}
