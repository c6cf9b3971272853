package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The passes of losses over completions that are generated. */
record GenerationPlan(StagePasses passes) {

  /** Axolotl's {@code feature_layers}: at 25, 50 and 75 % of the depth. */
  private static final int FEATURE_LAYERS = 3;

  /** Tokens to which texts are cut for their features: {@code max_seq_length} of the trainer. */
  private static final int LONGEST_FEATURES = 2048;

  /**
   * trl/trainer/grpo_trainer.py and rloo_trainer.py: log-probabilities of generated completions by
   * the policy as it was and by the reference, as many sequences at a time as a micro-batch has;
   * then the policy over each micro-batch.
   */
  List<Episode> generated(
      Settings.Reference reference, Settings.Completions lengths, Settings.Generation generation) {
    boolean all = passes.code().does(StageHabit.READS_ALL);
    long each = all ? passes.length() : lengths.answer(passes.length());
    long labels = each * passes.job().batch().microBatch();
    boolean whole =
        passes.stage() == Stage.PPO
            || all
            || passes.head().selects()
            || passes.head() == StageHead.IN_PLACE
            || passes.head() == StageHead.WHOLE;
    Set<Detail> details =
        whole ? EnumSet.noneOf(Detail.class) : EnumSet.of(Detail.LAST_TOKENS, Detail.TEMPERATURE);
    passes.logits().scaled(details);
    Reports reports = passes.code().does(StageHabit.DROPS_LOGITS) ? Reports.NONE : Reports.ENTROPY;
    Pass policy = passes.labelled(PassBatch.of(passes.job().batch()), labels, reports, details);
    List<Pass> scored = new ArrayList<>();
    if (scoresBefore(generation)) {
      scored.add(policy.withoutGraph());
    }
    boolean features = passes.stage() == Stage.EBFT;
    if (!features) {
      scored.addAll(passes.reference(policy, reference.source()));
    }
    Pass value = new Pass(ResidentModel.VALUE, true, policy.batch(), new PassHead.Values());
    if (!passes.job().objective().rewarding().isEmpty()) {
      scored.add(value.withoutGraph(ResidentModel.REWARD));
    }
    if (passes.stage() == Stage.PPO) {
      scored.add(value.withoutGraph());
    }
    List<Episode> episodes = new ArrayList<>(List.of(beside(reference.source())));
    episodes.addAll(generation(lengths, generation));
    if (!scored.isEmpty()) {
      boolean states = !generation.offloaded().contains(OffloadTarget.OPTIMIZER) || !between();
      episodes.add(new Episode.Scoring(scored, rounds(generation), true, states));
    }
    if (features) {
      episodes.add(features(reference.source(), generation));
    }
    if (passes.stage() == Stage.PPO && !passes.code().does(StageHabit.VALUES_APART)) {
      episodes.add(new Episode.Step(List.of(policy, value)));
      return episodes;
    }
    episodes.add(new Episode.Step(List.of(byLiger() ? policy.with(liger(labels)) : policy)));
    if (passes.stage() == Stage.PPO) {
      episodes.add(new Episode.ValueStep(List.of(value)));
    }
    return episodes;
  }

  /**
   * axolotl/core/trainers/ebft/trainer.py _feature_matching_reward: all sequences of a generated
   * batch at once, then those with the given completion of each prompt, through the model as it
   * was. Behind PEFT's class {@code model} is the one with a head, else the one without (rewards.py
   * extract_hidden_states).
   */
  private Episode features(ReferenceSource source, Settings.Generation generation) {
    boolean shared = source == ReferenceSource.ADAPTER_OFF;
    int sequences = Math.multiplyExact(rounds(generation), passes.job().batch().microBatch());
    int given = Math.max(1, sequences / generation.groupSize().orElse(1));
    int length = Math.min(passes.length(), LONGEST_FEATURES);
    List<Pass> over = new ArrayList<>();
    for (int each : List.of(sequences, given)) {
      over.add(
          new Pass(
              shared ? ResidentModel.POLICY : ResidentModel.REFERENCE,
              false,
              new PassBatch(each, length),
              new PassHead.Features(FEATURE_LAYERS, shared),
              !shared));
    }
    return new Episode.Scoring(over, 1, true);
  }

  /** trl/trainer/grpo_trainer.py compute_liger_loss; completions are scored without it. */
  private boolean byLiger() {
    return passes.stage() == Stage.GRPO
        && passes.job().loss() == LossKernel.LIGER
        && passes.code().does(StageHabit.LIGER_COMPLETIONS);
  }

  private static PassHead liger(long labels) {
    return new PassHead.LogProbabilities(StageHead.LIGER, labels, Reports.NONE, Set.of());
  }

  /** What is offloaded is away for other passes too, and not for an engine's turn alone. */
  private boolean between() {
    return passes.job().frameworkCode().is(SpreadCode.OFFLOADS_BETWEEN);
  }

  /** All models of a stage that generates, in the order in which they are loaded. */
  private Episode beside(ReferenceSource source) {
    List<ResidentModel> models = new ArrayList<>();
    models.add(ResidentModel.POLICY);
    if (source == ReferenceSource.COPY && !passes.swaps()) {
      models.add(ResidentModel.REFERENCE);
    }
    if (passes.stage() == Stage.PPO) {
      models.add(ResidentModel.VALUE);
    }
    if (!passes.job().objective().rewarding().isEmpty()) {
      models.add(ResidentModel.REWARD);
    }
    return new Episode.Load(models);
  }

  /**
   * trl/trainer/distillation_trainer.py _compute_loss: the student's layers, then its teacher's,
   * and the divergence of what both heads make of the completions. Where whole logits are compared,
   * each model's head runs with its layers.
   */
  List<Episode> distilled(Objective.Distillation distillation) {
    Settings.Completions lengths = distillation.lengths();
    double mixture = distillation.loss().beta().orElse(0.0);
    PassBatch batch = PassBatch.of(passes.job().batch());
    long labels = (long) lengths.answer(passes.length()) * passes.job().batch().microBatch();
    boolean whole = passes.head().comparesLogits();
    PassHead asked =
        whole ? new PassHead.Compared(passes.head(), labels) : new PassHead.HiddenStates(labels);
    Pass student =
        new Pass(
            ResidentModel.POLICY,
            true,
            batch,
            new PassHead.Divergence(passes.head(), labels, mixture));
    Pass teacher = new Pass(ResidentModel.TEACHER, false, batch, asked);
    boolean first = passes.code().does(StageHabit.TEACHER_FIRST);
    List<Episode> episodes = new ArrayList<>();
    episodes.add(new Episode.Load(List.of(ResidentModel.POLICY, ResidentModel.TEACHER)));
    episodes.addAll(generation(lengths, distillation.generation()));
    episodes.add(new Episode.Step(first ? List.of(teacher, student) : List.of(student, teacher)));
    return episodes;
  }

  /** All completions of a generated batch at once; none where they are given or made elsewhere. */
  private List<Episode> generation(Settings.Completions lengths, Settings.Generation generation) {
    // trl/experimental/gkd/gkd_trainer.py training_step generates a micro-batch when it is its
    // turn.
    int rounds = passes.head() == StageHead.GENERALIZED ? 1 : rounds(generation);
    int sequences = Math.multiplyExact(rounds, passes.job().batch().microBatch());
    int prompt = Math.max(1, passes.length() - lengths.answer(passes.length()));
    Pass prompts =
        new Pass(
            ResidentModel.POLICY,
            false,
            new PassBatch(sequences, prompt),
            new PassHead.NextTokens());
    return switch (generation.engine()) {
      case TRANSFORMERS, DEEPSPEED_HYBRID ->
          List.of(new Episode.Generation(List.of(prompts), sequences, passes.length(), Set.of()));
      case VLLM_COLOCATE, SGLANG_COLOCATE, SHARED ->
          List.of(
              new Episode.Generation(
                  List.of(), sequences, passes.length(), generation.offloaded()));
      case NONE, VLLM_SERVER, SGLANG_SERVER -> List.of();
    };
  }

  /** Micro-batches that are generated at once: {@code steps_per_generation}. */
  private int rounds(Settings.Generation generation) {
    return generation.microBatches(passes.job().batch().gradAccum());
  }

  /**
   * GRPO needs the policy's own log-probabilities where it changes before all of a generated batch
   * is used, or an engine of its own has generated them, whose probabilities differ
   * (grpo_trainer.py _generate_and_score_completions, vllm_importance_sampling_correction); RLOO
   * does always.
   */
  private boolean scoresBefore(Settings.Generation generation) {
    int micro = rounds(generation) * generation.iterations().orElse(1);
    return passes.stage() == Stage.RLOO
        || passes.code().does(StageHabit.SCORES_ALWAYS)
        || generation.engine().isOfItsOwn() && !passes.code().does(StageHabit.TRUSTS_ENGINE)
        || passes.job().batch().gradAccum() % micro != 0;
  }
}
