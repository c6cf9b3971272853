package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
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

/** The passes of losses over answers that are given. */
record PairPlan(StagePasses passes) {

  /** trl/trainer/dpo_trainer.py _compute_loss: the policy over all pairs, then the reference. */
  List<Episode> direct(Objective.DirectPreference dpo) {
    boolean suffix = passes.logits().keepsLabelled();
    // A suffix is as long as the longer of both answers; labels are of both.
    long answers =
        suffix
            ? 2L * dpo.lengths().longer(passes.length())
            : dpo.lengths().answers(passes.length());
    Pass policy =
        passes.labelled(
            pairs(passes.length()),
            answers * passes.job().batch().microBatch(),
            passes.logits().reportsOfPairs(),
            passes.logits().ofDirect());
    long longer = dpo.lengths().longer(passes.length()) * passes.job().batch().microBatch();
    policy = policy.with(((PassHead.LogProbabilities) policy.head()).withLonger(longer));
    if (passes.code().does(StageHabit.SWAPS_REFERENCE)) {
      return swapped(policy, dpo.reference().source());
    }
    List<Pass> run = new ArrayList<>(List.of(policy));
    // llamafactory/train/dpo/trainer.py compute_reference_log_probs drops the reference's
    // passes.logits().
    boolean names = passes.head() != StageHead.WHOLE && passes.head() != StageHead.AT_ONCE;
    Pass compared =
        names || passes.code().does(StageHabit.AVERAGES_LOGITS)
            ? policy
            : StagePasses.labelled(policy, Reports.NONE);
    ReferenceSource source = dpo.reference().source();
    run.addAll(passes.reference(compared, source));
    if (source == ReferenceSource.PRECOMPUTED && passes.code().does(StageHabit.COMPARES_ANYWAY)) {
      boolean adapters = passes.job().adapter().isPresent();
      run.add(adapters ? compared.withoutAdapters() : compared.withoutGraph());
    }
    return episodes(source, run, List.of(policy.withoutGraph()));
  }

  /** nemo_rl/algorithms/dpo.py add_ref_logprobs_to_data: of all of a batch before its step. */
  private List<Episode> swapped(Pass policy, ReferenceSource source) {
    List<Episode> episodes = new ArrayList<>(List.of(new Episode.Load(List.of(policy.model()))));
    List<Pass> compared = passes.reference(policy, source);
    if (!compared.isEmpty()) {
      episodes.add(new Episode.Scoring(compared, passes.job().batch().gradAccum(), true));
    }
    episodes.add(new Episode.Step(List.of(policy)));
    return episodes;
  }

  /**
   * trl/trainer/kto_trainer.py _compute_loss: answers of other prompts first, by the policy, then
   * the batch, then both by the reference. {@code apo_zero_unpaired} needs no other answers.
   */
  List<Episode> unpaired(Objective.KahnemanTversky kto) {
    long labels = (long) kto.lengths().answer(passes.length()) * passes.job().batch().microBatch();
    PassBatch batch = answers(kto.lengths(), passes.code().does(StageHabit.STARTS_ANSWERS));
    Reports reports = passes.logits().reportsOfAnswers();
    Pass policy =
        passes.labelled(
            batch, labels, reports, passes.logits().ofAnswers(StageHabit.COPIES_ANSWERS));
    Pass likewise =
        passes.labelled(
            batch, labels, reports, passes.logits().ofAnswers(StageHabit.COPIES_COMPARED_ANSWERS));
    Pass others = passes.labelled(batch, labels, Reports.NONE, passes.logits().ofOthers());
    boolean estimates = !kto.loss().types().contains("apo_zero_unpaired");
    List<Pass> run = new ArrayList<>();
    if (passes.head() == StageHead.WHOLE) {
      // llamafactory/train/kto/trainer.py concatenated_forward: the batch, then other answers.
      Pass compared = StagePasses.labelled(policy, Reports.NONE);
      run.addAll(List.of(policy, others.withoutGraph()));
      run.addAll(passes.reference(compared, kto.reference().source()));
      run.addAll(passes.reference(others, kto.reference().source()));
      return episodes(kto.reference().source(), run, List.of(policy.withoutGraph()));
    }
    if (estimates) {
      run.add(others.withoutGraph());
    }
    run.add(policy);
    if (estimates) {
      run.addAll(passes.reference(others, kto.reference().source()));
    }
    run.addAll(passes.reference(likewise, kto.reference().source()));
    return episodes(kto.reference().source(), run, List.of(likewise.withoutGraph()));
  }

  /**
   * trl/experimental/bco/bco_trainer.py get_batch_loss_metrics: the policy, then the reference, of
   * each the logits of good and of bad answers besides. Its _process_tokens adds a token before the
   * prompt.
   */
  List<Episode> classified(Objective.BinaryClassifier bco) {
    PassBatch batch = answers(bco.lengths(), true);
    long labels = (long) bco.lengths().answer(passes.length()) * batch.sequences();
    Pass policy = passes.labelled(batch, labels, Reports.SUMS, EnumSet.of(Detail.ANSWERS_INSTEAD));
    List<Pass> run = new ArrayList<>(List.of(policy));
    run.addAll(passes.reference(policy, bco.reference().source()));
    return episodes(bco.reference().source(), run, List.of(policy.withoutGraph()));
  }

  /**
   * Answers behind their prompts.
   *
   * @param starts a token is put before prompts whose length is known
   */
  private PassBatch answers(Settings.Completions lengths, boolean starts) {
    int more = starts && lengths.prompt().isPresent() ? 1 : 0;
    return new PassBatch(passes.job().batch().microBatch(), passes.length() + more);
  }

  /** trl/experimental/orpo and cpo, concatenated_forward: the policy over all pairs. */
  List<Episode> withoutReference(Settings.Pairs lengths, Set<Detail> details) {
    // add_bos_token_if_needed (trl/experimental/utils.py), before what is too long is cut; whoever
    // keeps the logits of labels alone has templates of its own.
    boolean adds =
        passes.head() != StageHead.WHOLE
            && !passes.logits().keepsLabelled()
            && lengths.prompt().isPresent();
    int length = passes.length() + (adds ? 1 : 0);
    // unsloth/models/rl_replacements.py _unsloth_pref_chunked_forward: ORPO's likelihood reads
    // the prompts of chosen answers too.
    boolean prompts = passes.head().selects() && passes.stage() == Stage.ORPO;
    long chosen = prompts ? lengths.prompt().orElse(0) : 0;
    long labels = (lengths.answers(passes.length()) + chosen) * passes.job().batch().microBatch();
    // llamafactory/train/dpo/trainer.py has the likelihood from the log-probabilities.
    boolean derived = passes.head() == StageHead.WHOLE || passes.head().selects();
    Set<Detail> own = derived ? passes.logits().unshifted(passes.logits().ofPairs()) : details;
    boolean named =
        passes.head() == StageHead.WHOLE && !passes.code().does(StageHabit.DROPS_LOGITS);
    Reports reports = named ? Reports.PAIRS : Reports.NONE;
    Pass policy = passes.labelled(pairs(length), labels, reports, own);
    return episodes(ReferenceSource.NONE, List.of(policy), List.of());
  }

  /** trl/trainer/reward_trainer.py compute_loss: one number for every answer of the pairs. */
  List<Episode> scored() {
    PassHead asked =
        switch (passes.head()) {
          case SCORE -> new PassHead.PairScores();
          case BESIDE_LOGITS -> new PassHead.PairValues();
          default -> throw passes.gap().and(" by ", passes.head().label()).refusal();
        };
    boolean apart = passes.code().does(StageHabit.SCORES_APART);
    PassBatch batch =
        apart
            ? new PassBatch(passes.job().batch().microBatch(), passes.length())
            : pairs(passes.length());
    Pass policy = new Pass(ResidentModel.POLICY, true, batch, asked);
    return episodes(
        ReferenceSource.NONE, apart ? List.of(policy, policy) : List.of(policy), List.of());
  }

  /** Chosen and rejected answers in one batch, each behind its prompt. */
  private PassBatch pairs(int length) {
    return new PassBatch(Math.multiplyExact(2, passes.job().batch().microBatch()), length);
  }

  /**
   * Load, what is computed before training, and the step.
   *
   * @param before run that a precomputed reference takes
   */
  private List<Episode> episodes(ReferenceSource source, List<Pass> step, List<Pass> before) {
    List<Episode> episodes = new ArrayList<>(List.of(load(source)));
    if (source == ReferenceSource.PRECOMPUTED) {
      List<Pass> off =
          passes.job().adapter().isPresent() ? List.of(step.get(0).withoutAdapters()) : before;
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
}
