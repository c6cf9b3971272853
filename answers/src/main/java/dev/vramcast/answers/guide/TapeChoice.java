package dev.vramcast.answers.guide;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.Judge;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.rule.RuleMethod;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    long onOneCard = GuideModel.estimate(architecture, method).allocatedBytes();
    TapeChoice best = null;
    for (GuideCard card : byPriceOfMemory()) {
      Judge judge = judge(card, architecture);
      for (int count = least(onOneCard, card); count <= MOST; count++) {
        GpuChoice choice = new GpuChoice(card, count);
        if (best != null && !choice.isCheaperThan(best.choice)) {
          break;
        }
        Optional<FitCheck> check = judge.tryFitForCertain(job(choice, method));
        if (check.isPresent()) {
          best = new TapeChoice(choice, check.get());
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
    return (int) Math.ceil((double) onOneCard / card.gpu().memory().bytes());
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
