package dev.vramcast.core.run;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
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

/** The passes of stages that are not supervised, in the order in which their trainers run them. */
final class StagePlan {

  private final ResolvedJob job;
  private final Stage stage;
  private final StageHead head;
  private final StageCode code;
  private final ScoredLogits logits;

  private StagePlan(ResolvedJob job) {
    this.job = job;
    this.stage = job.objective().stage();
    this.code = job.frameworkCode().stages();
    this.head =
        job.frameworkCode()
            .stages()
            .head(stage)
            .orElseThrow(() -> gap().needs("its trainer's code").refusal());
    this.logits = new ScoredLogits(code, head);
    boolean megatron = job.parallelism().strategy() == Strategy.MEGATRON;
    if (megatron && (!code.does(StageHabit.ON_MEGATRON) || !fitsMegatron())) {
      throw gap().and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON).refusal();
    }
  }

  /**
   * A pipeline stage holds the policy, its reference and a value model that is trained whole in a
   * step of its own: no reward or teacher, and no policy that scores.
   */
  private boolean fitsMegatron() {
    boolean distils = job.objective().distilled().isPresent();
    boolean values = code.does(StageHabit.VALUES_APART) && job.adapter().isEmpty();
    return stage != Stage.REWARD
        && (stage != Stage.PPO || values)
        && job.objective().rewarding().isEmpty()
        && !distils;
  }

  /** The reference runs in the policy's place. */
  private boolean swaps(Settings.Reference reference) {
    boolean megatron = job.parallelism().strategy() == Strategy.MEGATRON;
    return code.does(StageHabit.SWAPS_REFERENCE) || (megatron && reference.onHost());
  }

  private boolean swaps() {
    return job.objective().comparedWith().filter(this::swaps).isPresent();
  }

  /**
   * The episodes of a job of such a stage.
   *
   * @throws UnsupportedJobException when the framework's code for it is not described
   */
  static List<Episode> episodes(ResolvedJob job) {
    Objective objective = job.objective();
    StagePlan plan = new StagePlan(job);
    if (objective instanceof Objective.DirectPreference dpo) {
      return plan.direct(dpo);
    } else if (objective instanceof Objective.KahnemanTversky kto) {
      return plan.unpaired(kto);
    } else if (objective instanceof Objective.OddsRatio orpo) {
      return plan.withoutReference(orpo.lengths(), EnumSet.of(Detail.LIKELIHOOD_OF_CHOSEN));
    } else if (objective instanceof Objective.ContrastivePreference cpo) {
      boolean likelihood = cpo.loss().alpha().orElse(1.0) != 0;
      return plan.withoutReference(
          cpo.lengths(),
          likelihood ? EnumSet.of(Detail.LIKELIHOOD_OF_CHOSEN) : EnumSet.noneOf(Detail.class));
    } else if (objective instanceof Objective.RewardModelling) {
      return plan.scored();
    } else if (objective instanceof Objective.GroupRelative grpo) {
      return plan.generated(grpo.reference(), grpo.lengths(), grpo.generation());
    } else if (objective instanceof Objective.LeaveOneOut rloo) {
      return plan.generated(rloo.reference(), rloo.lengths(), rloo.generation());
    } else if (objective instanceof Objective.ProximalPolicy ppo) {
      return plan.generated(ppo.reference(), ppo.lengths(), ppo.generation());
    } else if (objective instanceof Objective.Distillation distillation) {
      return plan.distilled(distillation.lengths(), distillation.generation());
    } else if (objective instanceof Objective.SentenceEmbedding embedding) {
      return EmbeddingPlan.episodes(job, embedding);
    }
    throw plan.gap().refusal();
  }

  /** trl/trainer/dpo_trainer.py _compute_loss: the policy over all pairs, then the reference. */
  private List<Episode> direct(Objective.DirectPreference dpo) {
    boolean suffix = code.does(StageHabit.KEEPS_LABELLED);
    // A suffix is as long as the longer of both answers; labels are of both.
    long answers = suffix ? 2L * dpo.lengths().longer(length()) : dpo.lengths().answers(length());
    Pass policy =
        labelled(
            pairs(length()),
            answers * job.batch().microBatch(),
            code.does(StageHabit.DROPS_LOGITS) ? Reports.NONE : Reports.PAIRS,
            suffix
                ? EnumSet.of(Detail.LAST_TOKENS)
                : logits.unshifted(logits.contiguous(StageHabit.COPIES_SCORED)));
    long longer = dpo.lengths().longer(length()) * job.batch().microBatch();
    policy = policy.with(((PassHead.LogProbabilities) policy.head()).withLonger(longer));
    if (code.does(StageHabit.SWAPS_REFERENCE)) {
      return swapped(policy, dpo.reference().source());
    }
    List<Pass> passes = new ArrayList<>(List.of(policy));
    // llamafactory/train/dpo/trainer.py compute_reference_log_probs drops the reference's logits.
    Pass compared = head == StageHead.WHOLE ? labelled(policy, Reports.NONE) : policy;
    passes.addAll(reference(compared, dpo.reference().source()));
    return episodes(dpo.reference().source(), passes, List.of(policy.withoutGraph()));
  }

  /** nemo_rl/algorithms/dpo.py add_ref_logprobs_to_data: of all of a batch before its step. */
  private List<Episode> swapped(Pass policy, ReferenceSource source) {
    List<Episode> episodes = new ArrayList<>(List.of(new Episode.Load(List.of(policy.model()))));
    List<Pass> compared = reference(policy, source);
    if (!compared.isEmpty()) {
      episodes.add(new Episode.Scoring(compared, job.batch().gradAccum(), true));
    }
    episodes.add(new Episode.Step(List.of(policy)));
    return episodes;
  }

  /**
   * trl/trainer/kto_trainer.py _compute_loss: answers of other prompts first, by the policy, then
   * the batch, then both by the reference. {@code apo_zero_unpaired} needs no other answers.
   */
  private List<Episode> unpaired(Objective.KahnemanTversky kto) {
    long labels = (long) kto.lengths().answer(length()) * job.batch().microBatch();
    PassBatch batch = PassBatch.of(job.batch());
    Reports reports = logits.reportsOfAnswers();
    Pass policy = labelled(batch, labels, reports, logits.ofAnswers(StageHabit.COPIES_ANSWERS));
    Pass likewise =
        labelled(batch, labels, reports, logits.ofAnswers(StageHabit.COPIES_COMPARED_ANSWERS));
    Pass others =
        labelled(batch, labels, Reports.NONE, logits.contiguous(StageHabit.COPIES_SCORED_ANSWERS));
    boolean estimates = !kto.loss().types().contains("apo_zero_unpaired");
    List<Pass> passes = new ArrayList<>();
    if (head == StageHead.WHOLE) {
      // llamafactory/train/kto/trainer.py concatenated_forward: the batch, then other answers.
      Pass compared = labelled(policy, Reports.NONE);
      passes.addAll(List.of(policy, others.withoutGraph()));
      passes.addAll(reference(compared, kto.reference().source()));
      passes.addAll(reference(others, kto.reference().source()));
      return episodes(kto.reference().source(), passes, List.of(policy.withoutGraph()));
    }
    if (estimates) {
      passes.add(others.withoutGraph());
    }
    passes.add(policy);
    if (estimates) {
      passes.addAll(reference(others, kto.reference().source()));
    }
    passes.addAll(reference(likewise, kto.reference().source()));
    return episodes(kto.reference().source(), passes, List.of(likewise.withoutGraph()));
  }

  /** trl/experimental/orpo and cpo, concatenated_forward: the policy over all pairs. */
  private List<Episode> withoutReference(Settings.Pairs lengths, Set<Detail> details) {
    // add_bos_token_if_needed (trl/experimental/utils.py), before what is too long is cut.
    boolean adds = head != StageHead.WHOLE && lengths.prompt().isPresent();
    int length = length() + (adds ? 1 : 0);
    // unsloth/models/rl_replacements.py _unsloth_pref_chunked_forward: ORPO's likelihood reads
    // the prompts of chosen answers too.
    boolean prompts = head.selects() && stage == Stage.ORPO;
    long chosen = prompts ? lengths.prompt().orElse(0) : 0;
    long labels = (lengths.answers(length()) + chosen) * job.batch().microBatch();
    // llamafactory/train/dpo/trainer.py has the likelihood from the log-probabilities.
    boolean derived = head == StageHead.WHOLE || head.selects();
    Set<Detail> own = derived ? logits.unshifted(logits.ofPairs()) : details;
    boolean named = head == StageHead.WHOLE && !code.does(StageHabit.DROPS_LOGITS);
    Reports reports = named ? Reports.PAIRS : Reports.NONE;
    Pass policy = labelled(pairs(length), labels, reports, own);
    return episodes(ReferenceSource.NONE, List.of(policy), List.of());
  }

  /** trl/trainer/reward_trainer.py compute_loss: one number for every answer of the pairs. */
  private List<Episode> scored() {
    PassHead asked =
        switch (head) {
          case SCORE -> new PassHead.PairScores();
          case BESIDE_LOGITS -> new PassHead.PairValues();
          default -> throw gap().and(" by ", head.label()).refusal();
        };
    Pass policy = new Pass(ResidentModel.POLICY, true, pairs(length()), asked);
    return episodes(ReferenceSource.NONE, List.of(policy), List.of());
  }

  /**
   * trl/trainer/grpo_trainer.py and rloo_trainer.py: log-probabilities of generated completions by
   * the policy as it was and by the reference, as many sequences at a time as a micro-batch has;
   * then the policy over each micro-batch.
   */
  private List<Episode> generated(
      Settings.Reference reference, Settings.Completions lengths, Settings.Generation generation) {
    boolean all = code.does(StageHabit.READS_ALL);
    long each = all ? length() : lengths.answer(length());
    long labels = each * job.batch().microBatch();
    boolean whole =
        stage == Stage.PPO
            || all
            || head.selects()
            || head == StageHead.IN_PLACE
            || head == StageHead.WHOLE;
    Set<Detail> details =
        whole ? EnumSet.noneOf(Detail.class) : EnumSet.of(Detail.LAST_TOKENS, Detail.TEMPERATURE);
    logits.scaled(details);
    Reports reports = code.does(StageHabit.DROPS_LOGITS) ? Reports.NONE : Reports.ENTROPY;
    Pass policy = labelled(PassBatch.of(job.batch()), labels, reports, details);
    List<Pass> scored = new ArrayList<>();
    if (scoresBefore(generation)) {
      scored.add(policy.withoutGraph());
    }
    scored.addAll(reference(policy, reference.source()));
    Pass value = new Pass(ResidentModel.VALUE, true, policy.batch(), new PassHead.Values());
    if (!job.objective().rewarding().isEmpty()) {
      scored.add(value.withoutGraph(ResidentModel.REWARD));
    }
    if (stage == Stage.PPO) {
      scored.add(value.withoutGraph());
    }
    List<Episode> episodes = new ArrayList<>(List.of(beside(reference.source())));
    episodes.addAll(generation(lengths, generation));
    if (!scored.isEmpty()) {
      boolean states = !generation.offloaded().contains(OffloadTarget.OPTIMIZER) || !between();
      episodes.add(new Episode.Scoring(scored, rounds(generation), true, states));
    }
    if (stage == Stage.PPO && !code.does(StageHabit.VALUES_APART)) {
      episodes.add(new Episode.Step(List.of(policy, value)));
      return episodes;
    }
    episodes.add(new Episode.Step(List.of(byLiger() ? policy.with(liger(labels)) : policy)));
    if (stage == Stage.PPO) {
      episodes.add(new Episode.ValueStep(List.of(value)));
    }
    return episodes;
  }

  /** trl/trainer/grpo_trainer.py compute_liger_loss; completions are scored without it. */
  private boolean byLiger() {
    return stage == Stage.GRPO
        && job.loss() == LossKernel.LIGER
        && code.does(StageHabit.LIGER_COMPLETIONS);
  }

  private static PassHead liger(long labels) {
    return new PassHead.LogProbabilities(StageHead.LIGER, labels, Reports.NONE, Set.of());
  }

  /** What is offloaded is away for other passes too, and not for an engine's turn alone. */
  private boolean between() {
    return job.frameworkCode().spread().offloadsBetween();
  }

  /** All models of a stage that generates, in the order in which they are loaded. */
  private Episode beside(ReferenceSource source) {
    List<ResidentModel> models = new ArrayList<>();
    models.add(ResidentModel.POLICY);
    if (source == ReferenceSource.COPY && !swaps()) {
      models.add(ResidentModel.REFERENCE);
    }
    if (stage == Stage.PPO) {
      models.add(ResidentModel.VALUE);
    }
    if (!job.objective().rewarding().isEmpty()) {
      models.add(ResidentModel.REWARD);
    }
    return new Episode.Load(models);
  }

  /**
   * trl/trainer/distillation_trainer.py _compute_loss: the student's layers, then its teacher's,
   * and the divergence of what both heads make of the completions.
   */
  private List<Episode> distilled(Settings.Completions lengths, Settings.Generation generation) {
    PassBatch batch = PassBatch.of(job.batch());
    long labels = (long) lengths.answer(length()) * job.batch().microBatch();
    Pass student = new Pass(ResidentModel.POLICY, true, batch, new PassHead.Divergence(labels));
    Pass teacher = new Pass(ResidentModel.TEACHER, false, batch, new PassHead.HiddenStates(labels));
    List<Episode> episodes = new ArrayList<>();
    episodes.add(new Episode.Load(List.of(ResidentModel.POLICY, ResidentModel.TEACHER)));
    episodes.addAll(generation(lengths, generation));
    episodes.add(new Episode.Step(List.of(student, teacher)));
    return episodes;
  }

  /** All completions of a generated batch at once; none where they are given or made elsewhere. */
  private List<Episode> generation(Settings.Completions lengths, Settings.Generation generation) {
    int sequences = Math.multiplyExact(rounds(generation), job.batch().microBatch());
    int prompt = Math.max(1, length() - lengths.answer(length()));
    Pass prompts =
        new Pass(
            ResidentModel.POLICY,
            false,
            new PassBatch(sequences, prompt),
            new PassHead.NextTokens());
    return switch (generation.engine()) {
      case TRANSFORMERS, DEEPSPEED_HYBRID ->
          List.of(new Episode.Generation(List.of(prompts), sequences, length(), Set.of()));
      case VLLM_COLOCATE, SGLANG_COLOCATE, SHARED ->
          List.of(new Episode.Generation(List.of(), sequences, length(), generation.offloaded()));
      case NONE, VLLM_SERVER, SGLANG_SERVER -> List.of();
    };
  }

  /** Micro-batches that are generated at once: {@code steps_per_generation}. */
  private int rounds(Settings.Generation generation) {
    return generation.stepsPerGeneration().orElse(job.batch().gradAccum());
  }

  /**
   * GRPO needs the policy's own log-probabilities where it changes before all of a generated batch
   * is used, or an engine of its own has generated them, whose probabilities differ
   * (grpo_trainer.py _generate_and_score_completions, vllm_importance_sampling_correction); RLOO
   * does always.
   */
  private boolean scoresBefore(Settings.Generation generation) {
    int micro = rounds(generation) * generation.iterations().orElse(1);
    return stage == Stage.RLOO
        || code.does(StageHabit.SCORES_ALWAYS)
        || generation.engine().isOfItsOwn() && !code.does(StageHabit.TRUSTS_ENGINE)
        || job.batch().gradAccum() % micro != 0;
  }

  private int length() {
    return job.batch().sequenceLength();
  }

  /** Chosen and rejected answers in one batch, each behind its prompt. */
  private PassBatch pairs(int length) {
    return new PassBatch(Math.multiplyExact(2, job.batch().microBatch()), length);
  }

  private Pass labelled(PassBatch batch, long labels, Reports reports, Set<Detail> details) {
    return new Pass(
        ResidentModel.POLICY,
        true,
        batch,
        new PassHead.LogProbabilities(head, labels, reports, details));
  }

  private static Pass labelled(Pass pass, Reports reports) {
    PassHead.LogProbabilities asked = (PassHead.LogProbabilities) pass.head();
    return new Pass(
        pass.model(),
        pass.graph(),
        pass.batch(),
        new PassHead.LogProbabilities(asked.way(), asked.labels(), reports, asked.details()));
  }

  /** The reference's pass over the batch of the policy's; none where it needs none. */
  private List<Pass> reference(Pass policy, ReferenceSource source) {
    return switch (source) {
      case NONE, PRECOMPUTED -> List.of();
      case ADAPTER_OFF -> List.of(policy.withoutAdapters());
      case COPY ->
          List.of(swaps() ? policy.withoutGraph() : policy.withoutGraph(ResidentModel.REFERENCE));
      case ADAPTER ->
          throw gap().and(" with ", JobKey.REFERENCE, " ", ReferenceSource.ADAPTER).refusal();
    };
  }

  /**
   * Load, what is computed before training, and the step.
   *
   * @param before passes that a precomputed reference takes
   */
  private List<Episode> episodes(ReferenceSource source, List<Pass> step, List<Pass> before) {
    List<Episode> episodes = new ArrayList<>(List.of(load(source)));
    if (source == ReferenceSource.PRECOMPUTED) {
      List<Pass> off = job.adapter().isPresent() ? List.of(step.get(0).withoutAdapters()) : before;
      episodes.add(new Episode.Scoring(off, 1, false));
    }
    episodes.add(new Episode.Step(step));
    return episodes;
  }

  private static Episode load(ReferenceSource source) {
    return new Episode.Load(
        source == ReferenceSource.COPY
            ? List.of(ResidentModel.POLICY, ResidentModel.REFERENCE)
            : List.of(ResidentModel.POLICY));
  }

  private Gap gap() {
    return Gap.value(JobKey.STAGE, stage);
  }
}
