package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/**
 * What is not modelled of stages that compare hidden states: embeddings of texts, and features of
 * rollouts.
 *
 * @param missing is added to
 */
record FeatureScope(PartialJob d, Stage stage, List<Gap> missing) {

  /**
   * Features are those of the module inside the prepared model, which nothing of FSDP or ZeRO-3
   * gathers (axolotl/core/trainers/ebft/rewards.py extract_hidden_states).
   */
  void checkRollouts() {
    if (!d.strategy().keepsWeightsWhole()) {
      missing.add(
          Gap.value(JobKey.STAGE, stage).and(" under ", JobKey.STRATEGY, " ", d.strategy()));
    }
    if (d.whole(JobKey.TENSOR) * d.whole(JobKey.CONTEXT) > 1) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" of a divided model"));
    }
    if (d.find(JobKey.BETA, Double.class).orElse(0.0) > 0) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" with ", JobKey.BETA, " above 0"));
    }
  }

  /**
   * Where a process sees several GPUs, its features are those of a copy on another's
   * (axolotl/core/trainers/ebft/strided.py {@code visible_gpus}).
   */
  void checkPlaces() {
    if (d.strategy() != Strategy.NONE || d.whole(JobKey.GPU_COUNT) > 1) {
      missing.add(
          Gap.value(JobKey.STAGE, stage)
              .and(" on more than one GPU")
              .needs("which of them holds whose features"));
    }
    if (d.isSet(JobKey.REFERENCE) && !d.isSet(JobKey.REFERENCE, usual())) {
      missing.add(
          Gap.value(JobKey.REFERENCE, d.get(JobKey.REFERENCE, ReferenceSource.class))
              .and(" in ", JobKey.STAGE, " ", stage));
    }
    if (d.isQuantized() && !d.method().trainsAdapters()) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" of a quantised copy"));
    }
  }

  /**
   * Several passes of one model before the first backward pass: whose parameters and gradients are
   * divided then is not described; whoever caches gradients runs one at a time.
   */
  void checkTexts(Settings.Contrast contrast, FrameworkCode code) {
    boolean one = code.stages().does(StageHabit.MERGES_TEXTS);
    boolean whole =
        switch (d.strategy()) {
          case NONE, DDP -> true;
          case ZERO1, ZERO2, ZERO3, FSDP1, FSDP2, MEGATRON -> false;
        };
    if (d.strategy() == Strategy.MEGATRON || !whole && (!one || contrast.miniBatch().isPresent())) {
      missing.add(
          Gap.value(JobKey.STAGE, stage).and(" under ", JobKey.STRATEGY, " ", d.strategy()));
    }
    if (one && contrast.miniBatch().isPresent()) {
      missing.add(Gap.about(JobKey.MINI_BATCH));
    }
    if (d.whole(JobKey.CONTEXT) > 1) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" under ", JobKey.CONTEXT));
    }
  }

  /** What the trainer compares with: the model without adapters, or a copy where it has none. */
  private ReferenceSource usual() {
    return d.method().trainsAdapters() ? ReferenceSource.ADAPTER_OFF : ReferenceSource.COPY;
  }
}
