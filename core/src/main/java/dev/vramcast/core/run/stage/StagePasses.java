package dev.vramcast.core.run.stage;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.List;
import java.util.Set;

/**
 * What the passes of a stage have in common.
 *
 * @param head what is made of the hidden states of its answers
 */
record StagePasses(
    ResolvedJob job, Stage stage, StageHead head, StageCode code, ScoredLogits logits) {

  /**
   * Those of a job.
   *
   * @throws UnsupportedJobException when the framework's code for its stage is not described
   */
  static StagePasses of(ResolvedJob job) {
    Stage stage = job.objective().stage();
    StageCode code = ofParts(job, job.frameworkCode().stages());
    StageHead head =
        code.head(stage).orElseThrow(() -> gap(stage).needs("its trainer's code").refusal());
    StagePasses passes = new StagePasses(job, stage, head, code, new ScoredLogits(code, head));
    boolean megatron = job.parallelism().strategy() == Strategy.MEGATRON;
    if (megatron && (!code.does(StageHabit.ON_MEGATRON) || !passes.fitsMegatron())) {
      throw gap(stage).and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON).refusal();
    }
    return passes;
  }

  /**
   * swift/rlhf_trainers/dpo_trainer.py concatenated_forward: GPUs that share a sequence make logits
   * of all tokens of their parts, whose labels are shifted before.
   */
  private static StageCode ofParts(ResolvedJob job, StageCode code) {
    boolean parts =
        job.parallelism().context() > 1
            && job.parallelism().strategy() != Strategy.MEGATRON
            && job.objective().stage() == Stage.DPO;
    return parts ? code.replacing(StageHabit.KEEPS_LABELLED, StageHabit.SHIFTS_LABELS) : code;
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

  boolean swaps() {
    return job.objective().comparedWith().filter(this::swaps).isPresent();
  }

  int length() {
    return job.batch().sequenceLength();
  }

  Pass labelled(PassBatch batch, long labels, Reports reports, Set<Detail> details) {
    return new Pass(
        ResidentModel.POLICY,
        true,
        batch,
        new PassHead.LogProbabilities(head, labels, reports, details));
  }

  static Pass labelled(Pass pass, Reports reports) {
    PassHead.LogProbabilities asked = (PassHead.LogProbabilities) pass.head();
    return new Pass(
        pass.model(),
        pass.graph(),
        pass.batch(),
        new PassHead.LogProbabilities(asked.way(), asked.labels(), reports, asked.details()));
  }

  /** The reference's pass over the batch of the policy's; none where it needs none. */
  List<Pass> reference(Pass policy, ReferenceSource source) {
    return switch (source) {
      case NONE, PRECOMPUTED -> List.of();
      case ADAPTER_OFF -> List.of(policy.withoutAdapters());
      case COPY ->
          List.of(
              swaps()
                  ? policy.withoutGraph()
                  : prepared(policy).withoutGraph(ResidentModel.REFERENCE));
      case ADAPTER ->
          throw gap().and(" with ", JobKey.REFERENCE, " ", ReferenceSource.ADAPTER).refusal();
    };
  }

  /**
   * trl/models/utils.py prepare_fsdp, which FSDP1 alone divides a reference by: accelerate puts
   * nothing around it.
   */
  private Pass prepared(Pass pass) {
    boolean bare =
        job.parallelism().strategy() == Strategy.FSDP1
            && code.does(StageHabit.REFERENCE_IN_ONE_GROUP)
            && !job.keepsReferenceWhole();
    return bare && pass.head() instanceof PassHead.LogProbabilities asked
        ? pass.with(asked.with(Detail.UNWRAPPED))
        : pass;
  }

  Gap gap() {
    return gap(stage);
  }

  private static Gap gap(Stage stage) {
    return Gap.value(JobKey.STAGE, stage);
  }
}
