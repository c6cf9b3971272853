package dev.tunefit.cli.request;

import dev.tunefit.cli.report.ExpectedMemory;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.JobResolver;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.memory.MemoryEstimator;
import dev.tunefit.core.memory.range.ByteRange;
import dev.tunefit.core.worstbatch.LongestFit;
import dev.tunefit.core.worstbatch.WorstBatch.Survival;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Finds the longest sequences with which a job fits a card, by estimating it with others. */
final class CardSearch {

  private final JobDocument document;
  private final Architecture architecture;
  private final Gpu card;
  private final int multiple;
  private final Map<Integer, Needed> known = new HashMap<>();

  /** Device bytes of a step, with the range about them where there is one. */
  private record Needed(long bytes, Optional<ByteRange> range) {

    long low() {
      return range.map(ByteRange::lowBytes).orElse(bytes);
    }

    long high() {
      return range.map(ByteRange::highBytes).orElse(bytes);
    }
  }

  /**
   * A search.
   *
   * @param multiple tokens to a multiple of which sequences are padded
   */
  CardSearch(JobDocument document, Architecture architecture, Gpu card, int multiple) {
    this.document = document;
    this.architecture = architecture;
    this.card = card;
    this.multiple = multiple;
  }

  /** What fits of sequences up to so many tokens. */
  Survival survival(int most) {
    int surely = longest(most, Needed::high);
    int expected = longest(most, Needed::bytes);
    return new Survival(surely, expected, longest(most, Needed::low));
  }

  private int longest(int most, ToLongFunction<Needed> bytes) {
    int found =
        LongestFit.search(
            most, card.memory().bytes(), tokens -> bytes.applyAsLong(needed(padded(tokens))));
    return found < most ? found - found % multiple : found;
  }

  private int padded(int tokens) {
    return (tokens + multiple - 1) / multiple * multiple;
  }

  /** Each length is estimated once, whichever end of the range asks first. */
  private Needed needed(int tokens) {
    return known.computeIfAbsent(tokens, this::estimate);
  }

  private Needed estimate(int tokens) {
    ResolvedJob job =
        JobResolver.resolve(document.with(JobKey.SEQUENCE_LENGTH, tokens, "search")).job();
    ExpectedMemory expected =
        ExpectedMemory.of(
            MemoryEstimator.estimate(architecture, job, Optional.of(card)).worst(), job);
    return new Needed(expected.device().bytes(), expected.device().range());
  }
}
