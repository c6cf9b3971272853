package dev.vramcast.answers.max;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Lengthening;
import dev.vramcast.core.fit.Maximum;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The most of something that a card holds.
 *
 * @param key what is searched: the micro-batch or the length of a sequence
 */
public record LimitRequest(EstimateRequest job, CardMemory card, long keptFreeBytes, JobKey key) {

  private static final int LARGEST_BATCH = 4096;
  private static final int LONGEST_SEQUENCE = 1 << 20;

  /** Searches. */
  public LimitReport report() {
    RequestedJob settled = job.settle();
    FitEvaluator evaluator =
        new FitEvaluator(
            settled.model().architecture(),
            card.gpu(),
            card.bytes(),
            keptFreeBytes,
            RangeFile.embedded());
    int most = most(settled);
    List<Notice> warnings = new ArrayList<>(card.warnings());
    settled.warnings().stream().filter(w -> !warnings.contains(w)).forEach(warnings::add);
    Optional<Maximum> likely =
        Maximum.of(evaluator, settled.document(), key, most, Maximum.BY_THE_ESTIMATE);
    List<Lengthening> longer =
        key == JobKey.SEQUENCE_LENGTH
            ? likely.map(found -> Lengthening.of(evaluator, found.check(), most)).orElse(List.of())
            : List.of();
    return new LimitReport(
        settled.model().id(),
        card.name(),
        key == JobKey.MICRO_BATCH ? "micro-batch" : "sequence length",
        key.path(),
        most,
        Maximum.of(evaluator, settled.document(), key, most, Maximum.FOR_CERTAIN),
        likely,
        longer,
        warnings);
  }

  private int most(RequestedJob settled) {
    if (key == JobKey.MICRO_BATCH) {
      return LARGEST_BATCH;
    }
    long limit = settled.model().architecture().maxPositions();
    return limit > 0 ? Math.toIntExact(Math.min(limit, LONGEST_SEQUENCE)) : LONGEST_SEQUENCE;
  }
}
