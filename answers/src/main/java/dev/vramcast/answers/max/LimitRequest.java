package dev.vramcast.answers.max;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.fit.Certainty;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Lengthening;
import dev.vramcast.core.fit.Maximum;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.Evaluation.Generated;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The most of something that a card holds.
 *
 * @param sought what is searched
 */
public record LimitRequest(
    EstimateRequest job, CardMemory card, long keptFreeBytes, Sought sought) {

  private static final int LARGEST_BATCH = 4096;
  private static final int LONGEST_SEQUENCE = 1 << 20;

  /** Of which sequences are multiples that are as long as one has to be. */
  private static final int USUAL_SEQUENCE = 512;

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
    Values values = values(settled, evaluator);
    JobDocument open = settled.document().without(grown(settled.document()));
    List<Notice> warnings = new ArrayList<>(card.warnings());
    settled.warnings().stream().filter(w -> !warnings.contains(w)).forEach(warnings::add);
    Optional<Maximum> likely = Maximum.of(evaluator, open, values, Certainty.BY_THE_ESTIMATE);
    likely.flatMap(LimitRequest::gap).ifPresent(warnings::add);
    List<Lengthening> longer =
        sought == Sought.SEQUENCE
            ? likely
                .map(found -> Lengthening.of(evaluator, found.check(), values.most()))
                .orElse(List.of())
            : List.of();
    return new LimitReport(
        settled.model().id(),
        card.name(),
        sought,
        values.most(),
        new LimitReport.Ends(
            Maximum.of(evaluator, open, values, Certainty.FOR_CERTAIN),
            likely,
            likely.isPresent() ? Optional.empty() : Optional.of(Least.of(evaluator, open, values))),
        longer,
        warnings);
  }

  /**
   * The document with sequences in which there is room for what an evaluation draws, as any that is
   * found will have: the usual length may be shorter.
   */
  static JobDocument withRoom(JobDocument document) {
    int drawn = document.value(JobKey.EVALUATION_NEW_TOKENS, Integer.class).orElse(0);
    int length = document.value(JobKey.SEQUENCE_LENGTH, Integer.class).orElse(USUAL_SEQUENCE);
    return drawn < length
        ? document
        : document.with(
            JobKey.SEQUENCE_LENGTH,
            (drawn / USUAL_SEQUENCE + 1) * USUAL_SEQUENCE,
            new Place.Chosen("a sequence is sought"));
  }

  private Values values(RequestedJob settled, FitEvaluator evaluator) {
    ResolvedJob its = settled.resolution().job();
    return switch (sought) {
      case BATCH -> batches(its);
      case SEQUENCE -> lengths(settled);
      case IMAGE -> LargestImage.values(settled, longest(settled));
      case SOUND -> LargestImage.seconds(settled, longest(settled));
      case COMPLETION -> StageValues.completions(its, settled.document(), longest(settled));
      case GROUP -> StageValues.groups(its);
      case ENGINE_SHARE -> StageValues.shares(evaluator, settled.document());
    };
  }

  /** What of a longest sequence does not hold for shorter ones. */
  private static Optional<Notice> gap(Maximum found) {
    return found.tooMuch().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Notice.of(
                JobKey.TILED_MLP,
                " cuts longer sequences into more pieces, so that some shorter ones do not fit: ",
                found.tooMuch().getAsInt(),
                " tokens, whose pieces are longer"));
  }

  private static int longest(RequestedJob settled) {
    long limit = settled.model().architecture().maxPositions();
    return limit > 0 ? Math.toIntExact(Math.min(limit, LONGEST_SEQUENCE)) : LONGEST_SEQUENCE;
  }

  private static Values batches(ResolvedJob job) {
    int step = job.linears().multipleBeside(job.batch().sequenceLength());
    return Values.multiples(JobKey.MICRO_BATCH, step, 1, LARGEST_BATCH);
  }

  /** Linears that take so many rows alone are not modelled where ranks share a sequence. */
  private static Values lengths(RequestedJob settled) {
    int part =
        Stream.of(JobKey.PROMPT_LENGTH, JobKey.COMPLETION_LENGTH)
            .flatMap(length -> settled.document().value(length, Integer.class).stream())
            .findFirst()
            .orElse(0);
    ResolvedJob its = settled.resolution().job();
    int rows = its.linears().multipleBeside(its.batch().microBatch());
    int step = Math.max(its.parallelism().sequenceMultiple(), rows);
    int within = Math.max(part, drawn(its));
    return Values.multiples(JobKey.SEQUENCE_LENGTH, step, within + 1, longest(settled));
  }

  /** Tokens of each sequence that an evaluation draws behind its prompt. */
  private static int drawn(ResolvedJob job) {
    boolean within = job.frameworkCode().get(EvaluationCode.GENERATION) == Generation.OF_PAIRS;
    return within
        ? job.evaluation().flatMap(Evaluation::generated).map(Generated::newTokens).orElse(0)
        : 0;
  }

  /** Of a sequence with two parts that are given it is the completion that grows. */
  private List<JobKey> grown(JobDocument document) {
    if (sought == Sought.COMPLETION) {
      return List.of(JobKey.SEQUENCE_LENGTH);
    }
    boolean whole =
        sought == Sought.SEQUENCE
            && document.has(JobKey.PROMPT_LENGTH)
            && document.has(JobKey.COMPLETION_LENGTH);
    return whole ? List.of(JobKey.COMPLETION_LENGTH) : List.of();
  }
}
