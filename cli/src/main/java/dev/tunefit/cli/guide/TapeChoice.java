package dev.tunefit.cli.guide;

import dev.tunefit.catalog.range.RangeFile;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.fit.FitCheck;
import dev.tunefit.core.fit.Judge;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.Strategy;
import dev.tunefit.core.memory.rule.RuleMethod;
import java.util.Optional;

/**
 * GPUs of the guide's list with what the tape says of a job on them.
 *
 * @param check of the card that needs most
 */
record TapeChoice(GpuChoice choice, FitCheck check) {

  /** Cards among which a job is divided at most. */
  private static final int MOST = 64;

  /** The job on these GPUs, divided by FSDP2 where they are several; empty if not modelled. */
  static Optional<TapeChoice> of(GpuChoice choice, Architecture architecture, RuleMethod method) {
    return judge(choice.card(), architecture)
        .tryCheck(job(choice, method))
        .map(check -> new TapeChoice(choice, check));
  }

  /** The cheapest on which the whole range of what the job needs is below the card's memory. */
  static Optional<TapeChoice> cheapest(Architecture architecture, RuleMethod method) {
    TapeChoice best = null;
    for (GuideCard card : GuideCard.values()) {
      Judge judge = judge(card, architecture);
      for (int count = 1; count <= MOST; count++) {
        GpuChoice choice = new GpuChoice(card, count);
        if (best != null && !choice.isCheaperThan(best.choice)) {
          break;
        }
        Optional<FitCheck> check = judge.tryFit(job(choice, method)).filter(FitCheck::fits);
        if (check.isPresent()) {
          best = new TapeChoice(choice, check.get());
          break;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static Judge judge(GuideCard card, Architecture architecture) {
    return Judge.of(architecture, card.gpu(), 0, RangeFile.embedded());
  }

  private static JobDocument job(GpuChoice choice, RuleMethod method) {
    JobDocument one = GuideModel.document(method);
    return choice.count() == 1
        ? one
        : one.withFlag(JobKey.STRATEGY, Strategy.FSDP2.label())
            .withFlag(JobKey.GPU_COUNT, String.valueOf(choice.count()));
  }
}
