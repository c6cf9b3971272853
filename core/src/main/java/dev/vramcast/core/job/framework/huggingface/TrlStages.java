package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** TRL's trainers of preferences, rewards and generated completions. */
public final class TrlStages {

  /** {@code max_length} of sft_config.py, dpo_config.py, kto_config.py and reward_config.py. */
  private static final int USUAL_LENGTH = 1024;

  /**
   * {@code disable_dropout} of dpo_config.py, kto_config.py, bco, reward_config.py, prm, orpo, cpo.
   */
  private static final Set<Stage> WITHOUT_DROPOUT =
      EnumSet.of(
          Stage.DPO,
          Stage.KTO,
          Stage.BCO,
          Stage.REWARD,
          Stage.TOKEN_CLASSIFICATION,
          Stage.ORPO,
          Stage.CPO);

  /**
   * {@code _ForwardRedirection} (trl/models/utils.py) puts the loss in the place of the prepared
   * model's {@code forward}, which is the one with accelerate's autocast around it; {@code
   * prepare_fsdp} there calls {@code fully_shard} on the whole of a reference, and {@code
   * unwrap_model_for_generation} gathers all parameters, as long as {@code
   * ds3_gather_for_generation} is not switched off. Trainers of ORPO and CPO (trl/experimental)
   * name Liger nowhere, so that Transformers' Trainer puts its layers into the model and nothing
   * else.
   */
  private static final Set<StageHabit> USUAL =
      EnumSet.of(
          StageHabit.DISTILS_PAST_AUTOCAST,
          StageHabit.REFERENCE_IN_ONE_GROUP,
          StageHabit.GATHERS_TO_GENERATE,
          StageHabit.LIGER_LAYERS_OF_PAIRS);

  /**
   * {@code TOKEN_CHUNK_SIZE} of trl/kernels/chunked_logprob.py and {@code
   * _CHUNKED_LOGPROB_CHUNK_SIZE} of trl/trainer/utils.py.
   */
  static final LossChunks.Tiles TILES =
      new LossChunks.Tiles(
          4096,
          32_768,
          "TRL's loss is that of 1.15 and 1.16: tiles of 4096 tokens by 32768 words.");

  /** See {@link #openReferences}. */
  private static final Set<Stage> OPEN =
      EnumSet.of(Stage.DPO, Stage.KTO, Stage.BCO, Stage.GRPO, Stage.RLOO);

  static final Set<Stage> OF_LABELS = Set.of(Stage.DPO, Stage.KTO, Stage.GRPO, Stage.RLOO);

  private static final String OTHERS = "trl, trl/trainer/utils.py add_fused_lm_head, 1.16 as read";

  private static final String CACHES =
      "src/transformers/modeling_layers.py, which forbids a cache to a model that trains, and"
          + " modeling_utils.py gradient_checkpointing_enable, which leaves use_cache;"
          + " 4.57 as read";

  private static final String FORBIDS = "src/transformers/training_args.py use_cache, since 5.0";

  static final String GROUPS = "trl/trainer/grpo_config.py and rloo_config.py num_generations";

  /** Whose jobs name no framework: TRL's trainers, as Transformers has none for these stages. */
  public static final FrameworkRules UNNAMED = stages(Transformers.UNNAMED);

  /** As {@link #UNNAMED}, of jobs that name Transformers. */
  public static final FrameworkRules TRANSFORMERS = stages(Transformers.RULES);

  private TrlStages() {}

  private static FrameworkRules stages(FrameworkRules of) {
    return Transformers.loading(of, "transformers")
        .is(FrameworkCode.STAGES, newest(), OTHERS)
        .is(LossCode.UNADAPTED_HEADS, OF_LABELS, Trl.WEIGHED)
        .is(EvaluationCode.GENERATION, Generation.BEFORE_LOSS, Transformers.SEQ2SEQ)
        .does(EvaluationCode.CACHES_PAST_CHECKPOINTS, CACHES, Transformers::leavesCache)
        .does(LoopCode.LEAVES_CACHE, FORBIDS, Transformers::leavesCache)
        .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
        .doesWhen(JobKey.GROUP_SIZE, CompletionGroup::isUsual, GROUPS, CompletionGroup::usual)
        .done();
  }

  private static StageCode newest() {
    StageCode code = of(false, StageHead.KERNEL, true, true, USUAL);
    Set<Stage> withoutDropout = EnumSet.copyOf(code.withoutDropout());
    // Transformers has a trainer of that itself.
    withoutDropout.remove(Stage.TOKEN_CLASSIFICATION);
    return new StageCode(
        heads(code, StageHead.SEQUENCES),
        code.tiles(),
        withoutDropout,
        code.habits(),
        Set.of(Stage.BCO),
        OPEN,
        TrlDivergence.trainers(false));
  }

  /**
   * {@code max_length}; where completions are generated a prompt, which is taken to have 512 tokens
   * ({@code max_prompt_length} until 0.28) where nothing is said, and {@code
   * max_completion_length}.
   */
  static Integer length(PartialJob d) {
    if (!weighsReference(d)) {
      return USUAL_LENGTH;
    }
    int half = USUAL_LENGTH / 2;
    return d.document().value(JobKey.PROMPT_LENGTH, Integer.class).orElse(half)
        + d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(half);
  }

  static boolean weighsReference(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage == Stage.GRPO || stage == Stage.RLOO || stage == Stage.EBFT;
  }

  /** {@code beta}, where no reference takes part if it is 0. */
  static double beta(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.RLOO ? 0.05 : 0;
  }

  /**
   * Since 1.15 {@code add_fused_lm_head} (trl/trainer/utils.py); 1.14 has a kernel over whole
   * logits (trl/kernels/logprob_entropy.py), which ORPO and CPO (trl/experimental) call still;
   * before, a loop over sequences (trl/trainer/utils.py selective_log_softmax). Until 1.13 there is
   * a trainer of BCO (trl/experimental/bco/bco_trainer.py), until 1.12 one of PPO
   * (trl/trainer/ppo_trainer.py, trl/experimental/ppo), whose policy and value model are one to its
   * optimizer; 1.16 has one of distillation (trl/trainer/distillation_trainer.py).
   */
  static StageCode of(Framework trl) {
    StageCode code =
        of(!trl.atLeast(1, 13), logits(trl), trl.atLeast(1, 15), trl.atLeast(1, 16), habits(trl));
    boolean hasBinary = trl.version().isEmpty() || !trl.atLeast(1, 14);
    return new StageCode(
        heads(code, hasBinary, trl),
        code.tiles(),
        withoutDropout(code),
        code.habits(),
        wholeReferences(trl),
        openReferences(trl),
        TrlDivergence.trainers(trl));
  }

  /** {@code disable_dropout_in_model} of ppo_trainer.py, since its loop is one by itself. */
  private static Set<Stage> withoutDropout(StageCode code) {
    Set<Stage> all = EnumSet.copyOf(code.withoutDropout());
    if (code.does(StageHabit.ROLLS_OUT)) {
      all.add(Stage.PPO);
    }
    return all;
  }

  /**
   * A job of BCO that names no release is of one that has a trainer of it. Before 0.22 RLOO's was
   * another, with a loop of its own as PPO's has it.
   */
  private static Map<Stage, StageHead> heads(StageCode code, boolean hasBinary, Framework trl) {
    Map<Stage, StageHead> heads = new EnumMap<>(code.heads());
    if (hasBinary) {
      heads.putAll(heads(code, trl.atLeast(1, 14) ? StageHead.SEQUENCES : logits(trl)));
    }
    if (!trl.atLeast(0, 22)) {
      heads.remove(Stage.RLOO);
    }
    if (!trl.atLeast(0, 15)) {
      // grpo_trainer.py _get_per_token_logps loops over sequences; PPO has a plan of its own.
      heads.put(Stage.GRPO, StageHead.SEQUENCES);
      heads.put(Stage.PPO, StageHead.SEQUENCES);
    }
    return heads;
  }

  private static Map<Stage, StageHead> heads(StageCode code, StageHead ofBinary) {
    Map<Stage, StageHead> heads = new EnumMap<>(code.heads());
    heads.put(Stage.BCO, ofBinary);
    return heads;
  }

  /** How log-probabilities come of whole logits; {@code get_batch_logps} until 0.14. */
  private static StageHead logits(Framework trl) {
    if (trl.atLeast(1, 14)) {
      return StageHead.KERNEL;
    }
    return trl.atLeast(0, 15) ? StageHead.SEQUENCES : StageHead.AT_ONCE;
  }

  /**
   * TRL's scripts (trl/scripts/dpo.py and kto.py, examples/scripts/bco.py) give trainers a
   * reference as {@code from_pretrained} leaves it, and so do since 0.29 and 1.2 those that are
   * given none; GRPO's loads one since 0.19, RLOO's as long as there is one. {@code
   * create_reference_model} freezes its copy.
   */
  private static Set<Stage> openReferences(Framework trl) {
    Set<Stage> stages = EnumSet.of(Stage.DPO, Stage.KTO, Stage.BCO, Stage.RLOO);
    if (trl.atLeast(0, 19)) {
      stages.add(Stage.GRPO);
    }
    return stages;
  }

  /**
   * Before {@code prepare_fsdp} of a reference, which DPO calls since 0.16, GRPO since 0.18 and KTO
   * since 1.3, {@code accelerator.prepare_model} with {@code evaluation_mode} puts an autocast
   * around it alone.
   */
  private static Set<Stage> wholeReferences(Framework trl) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    if (!trl.atLeast(0, 16)) {
      stages.add(Stage.DPO);
    }
    if (!trl.atLeast(0, 18)) {
      stages.add(Stage.GRPO);
    }
    // trl/experimental/bco/bco_trainer.py __init__ prepares it so to its last release.
    stages.add(Stage.BCO);
    if (!trl.atLeast(1, 3)) {
      stages.add(Stage.KTO);
    }
    return stages;
  }

  /**
   * {@code logits.div_(self.temperature)} of grpo_trainer.py and rloo_trainer.py from 1.0 to 1.9,
   * {@code logits = logits / self.temperature} of the only name before; {@code contiguous()} of
   * dpo_trainer.py from 0.29 to 1.5; {@code accelerator.autocast()} of
   * _get_per_token_logps_and_entropies since 1.14 in grpo_trainer.py, since 1.15 in
   * rloo_trainer.py.
   */
  private static Set<StageHabit> habits(Framework trl) {
    Set<StageHabit> habits = EnumSet.copyOf(USUAL);
    habits.add(StageHabit.KNOWS_VLLM_ALONE);
    if (!trl.atLeast(1, 0)) {
      habits.add(StageHabit.DROPS_UNSCALED);
    } else if (!trl.atLeast(1, 10)) {
      habits.add(StageHabit.SCALES_IN_PLACE);
    }
    if (trl.atLeast(0, 29)) {
      // trl/generation/vllm_generation.py _init_vllm
      habits.add(StageHabit.QUANTISES_ENGINE);
    }
    if (trl.atLeast(0, 29) && !trl.atLeast(1, 6)) {
      habits.add(StageHabit.COPIES_SCORED);
    }
    if (trl.atLeast(0, 12) && !trl.atLeast(1, 13)) {
      // The trainer that was PPOv2Trainer, in the place of one with a head for values.
      habits.add(StageHabit.ROLLS_OUT);
    }
    if (trl.atLeast(1, 14)) {
      habits.add(StageHabit.AUTOCASTS_GRPO);
    }
    if (trl.atLeast(1, 15)) {
      habits.add(StageHabit.AUTOCASTS_RLOO);
    }
    habits.addAll(ofAnswers(trl));
    habits.addAll(ofPairs(trl));
    return habits;
  }

  /**
   * Of dpo_trainer.py concatenated_forward: {@code nll_loss} that is made whatever the loss from
   * 0.9 to 0.11; {@code mean_chosen_logits} from 0.12 to 0.28, of labels that are rolled since
   * 0.15; {@code output_hidden_states} since 0.19. Of reward_trainer.py compute_loss until 0.23:
   * two calls of the model.
   */
  private static Set<StageHabit> ofPairs(Framework trl) {
    Set<StageHabit> habits = EnumSet.noneOf(StageHabit.class);
    if (!trl.atLeast(0, 12) && trl.atLeast(0, 9)) {
      habits.add(StageHabit.NAMES_LIKELIHOOD);
    }
    if (!trl.atLeast(0, 29)) {
      if (trl.atLeast(0, 12)) {
        habits.add(StageHabit.AVERAGES_LOGITS);
      }
      if (trl.atLeast(0, 15)) {
        habits.add(StageHabit.SHIFTS_LABELS);
      }
      if (trl.atLeast(0, 19)) {
        habits.add(StageHabit.RETURNS_STATES);
      }
    }
    boolean drops = trl.atLeast(0, 12) && !trl.atLeast(0, 13);
    if (drops || trl.atLeast(0, 9) && !trl.atLeast(0, 10)) {
      // Read beside rpo_alpha alone in 0.9; PreferenceCollator leaves them out in 0.12.
      habits.add(StageHabit.COMPARES_ANYWAY);
    }
    if (!trl.atLeast(0, 24)) {
      habits.add(StageHabit.SCORES_APART);
    }
    return habits;
  }

  /**
   * Of KTO (trl/experimental/kto/kto_trainer.py, trl/trainer/kto_trainer.py since 1.8): {@code
   * index_select} of all logits until 1.8, of the policy's alone since 1.6; {@code contiguous()} in
   * 1.6; {@code entropy_from_logits} since 1.8.
   */
  private static Set<StageHabit> ofAnswers(Framework trl) {
    Set<StageHabit> habits = EnumSet.noneOf(StageHabit.class);
    if (!trl.atLeast(0, 17)) {
      // forward, where KL_logits is a name of its own.
      habits.add(StageHabit.NAMES_OTHER_ANSWERS);
    }
    if (!trl.atLeast(1, 3)) {
      // _process_tokens, where a tokenizer has a token to begin with.
      habits.add(StageHabit.STARTS_ANSWERS);
    }
    if (!trl.atLeast(1, 6)) {
      habits.add(StageHabit.COPIES_COMPARED_ANSWERS);
    } else if (!trl.atLeast(1, 7)) {
      habits.add(StageHabit.COPIES_SCORED_ANSWERS);
    }
    if (!trl.atLeast(1, 9)) {
      habits.add(StageHabit.COPIES_ANSWERS);
    }
    if (trl.atLeast(1, 8) && !trl.atLeast(1, 9)) {
      habits.add(StageHabit.LOGS_ENTROPY_OF_ANSWERS);
    }
    return habits;
  }

  /** Those of a framework that runs TRL's trainers as they were in 1.9. */
  static StageCode untilKernel() {
    Set<StageHabit> habits = EnumSet.copyOf(USUAL);
    habits.add(StageHabit.SCALES_IN_PLACE);
    habits.add(StageHabit.KNOWS_VLLM_ALONE);
    habits.add(StageHabit.QUANTISES_ENGINE);
    return of(true, StageHead.SEQUENCES, false, false, habits);
  }

  private static StageCode of(
      boolean hasProximal,
      StageHead logits,
      boolean hasTiles,
      boolean distils,
      Set<StageHabit> usual) {
    StageHead labels = hasTiles ? StageHead.TILES : logits;
    Map<Stage, StageHead> heads = new EnumMap<>(Stage.class);
    for (Stage stage : OF_LABELS) {
      heads.put(stage, labels);
    }
    heads.put(Stage.ORPO, logits);
    heads.put(Stage.CPO, logits);
    heads.put(Stage.REWARD, StageHead.SCORE);
    if (hasProximal) {
      heads.put(Stage.PPO, logits);
    }
    if (distils) {
      heads.put(Stage.DISTILLATION, StageHead.TILES);
    }
    Set<StageHabit> habits = EnumSet.copyOf(usual);
    if (logits != StageHead.KERNEL) {
      // grpo_trainer.py compute_liger_loss until 1.13; in 1.14 use_liger_kernel asks for the
      // trainer's own loss in chunks, and since 1.15 it patches layers alone.
      habits.add(StageHabit.LIGER_COMPLETIONS);
    }
    return new StageCode(heads, TILES, WITHOUT_DROPOUT, habits);
  }
}
