package dev.vramcast.answers.request;

import dev.vramcast.core.data.LongestFit;
import dev.vramcast.core.data.WorstBatch.Survival;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Finds the longest sequences with which a job fits a card. */
final class CardSearch {

  private final FitEvaluator evaluator;
  private final JobDocument document;
  private final int multiple;
  private final Map<Integer, FitCheck> known = new HashMap<>();

  /**
   * A search.
   *
   * @param multiple tokens to a multiple of which sequences are padded
   */
  CardSearch(FitEvaluator evaluator, JobDocument document, int multiple) {
    this.evaluator = evaluator;
    this.document = document;
    this.multiple = multiple;
  }

  /** What fits of sequences up to so many tokens. */
  Survival survival(int most) {
    int surely = longest(most, check -> check.range().highBytes());
    int expected = longest(most, FitCheck::deviceBytes);
    return new Survival(surely, expected, longest(most, check -> check.range().lowBytes()));
  }

  private int longest(int most, ToLongFunction<FitCheck> bytes) {
    long memory = evaluator.memoryBytes();
    int found = LongestFit.search(most, memory, tokens -> bytes.applyAsLong(check(tokens)));
    return found < most ? found - found % multiple : found;
  }

  /** Each length is judged once, whichever end of the range asks first. */
  private FitCheck check(int tokens) {
    int padded = (tokens + multiple - 1) / multiple * multiple;
    return known.computeIfAbsent(
        padded,
        length -> evaluator.check(document.with(JobKey.SEQUENCE_LENGTH, length, Values.SEARCHED)));
  }
}
