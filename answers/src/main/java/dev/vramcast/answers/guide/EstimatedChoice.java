package dev.vramcast.answers.guide;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.rule.RuleMethod;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * GPUs of the guide's list with what the trace says of a job on them.
 *
 * @param check of the card that needs most
 */
record EstimatedChoice(GpuChoice choice, FitCheck check) {

  /** Cards among which a job is divided at most. */
  private static final int MOST = 64;

  /** The job on these GPUs, divided by FSDP2 where they are several; empty if not modelled. */
  static Optional<EstimatedChoice> of(
      GpuChoice choice, Architecture architecture, RuleMethod method) {
    return evaluator(choice.card(), architecture)
        .tryCheck(job(choice, method))
        .map(check -> new EstimatedChoice(choice, check));
  }

  /** The cheapest on which the whole range of what the job needs is below the card's memory. */
  static Optional<EstimatedChoice> cheapest(Architecture architecture, RuleMethod method) {
    long onOneCard = GuideModel.estimate(architecture, method).allocatedBytes();
    EstimatedChoice best = null;
    for (GuideCard card : byPriceOfMemory()) {
      FitEvaluator evaluator = evaluator(card, architecture);
      for (int count = least(onOneCard, card); count <= MOST; count++) {
        GpuChoice choice = new GpuChoice(card, count);
        if (best != null && !choice.isCheaperThan(best.choice)) {
          break;
        }
        Optional<FitCheck> check = evaluator.tryFitForCertain(job(choice, method));
        if (check.isPresent()) {
          best = new EstimatedChoice(choice, check.get());
          break;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** The most promising first, so that others are soon too dear to be looked at. */
  private static List<GuideCard> byPriceOfMemory() {
    return Arrays.stream(GuideCard.values())
        .sorted(
            Comparator.comparing(card -> card.price().amount().doubleValue() / card.gigabytes()))
        .toList();
  }

  /** Of so many cards none holds less than its share of what one card would. */
  private static int least(long onOneCard, GuideCard card) {
    return (int) Math.ceil((double) onOneCard / card.gpu().allocatableBytes());
  }

  private static FitEvaluator evaluator(GuideCard card, Architecture architecture) {
    return FitEvaluator.of(architecture, card.gpu(), 0, RangeFile.embedded());
  }

  private static JobDocument job(GpuChoice choice, RuleMethod method) {
    JobDocument one = GuideModel.document(method);
    return choice.count() == 1
        ? one
        : one.withFlag(JobKey.STRATEGY, Strategy.FSDP2.label())
            .withFlag(JobKey.GPU_COUNT, String.valueOf(choice.count()));
  }
}
