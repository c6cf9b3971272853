package dev.vramcast.answers.max;

import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Settings;
import java.util.List;
import java.util.stream.IntStream;

/** What is searched of a job that generates completions. */
final class StageValues {

  /** Shares are searched in hundredths of the card. */
  private static final int HUNDRED = 100;

  private static final int LARGEST_GROUP = 1 << 14;

  private StageValues() {}

  static double share(int hundredths) {
    return (double) hundredths / HUNDRED;
  }

  /**
   * Completions behind the prompt, as long as both together may be. Where a framework has no length
   * for prompts, as NeMo-RL has not, the prompt is what a stated sequence has beside its
   * completion.
   *
   * @param longest no sequence is longer
   */
  static Values completions(ResolvedJob job, JobDocument document, int longest) {
    boolean rest =
        !document.has(JobKey.PROMPT_LENGTH)
            && document.has(JobKey.SEQUENCE_LENGTH)
            && job.objective().completed().flatMap(Settings.Completions::prompt).isEmpty();
    int prompt = rest ? beside(job) : document.value(JobKey.PROMPT_LENGTH, Integer.class).orElse(0);
    int step = job.parallelism().sequenceMultiple();
    int least = step - prompt % step;
    int most = longest - prompt;
    return new Values(
        most < least ? 0 : (most - least) / step + 1,
        index -> least + index * step,
        (given, value) -> {
          JobDocument longer = given.with(JobKey.COMPLETION_LENGTH, value, Values.SEARCHED);
          return rest
              ? longer.with(JobKey.SEQUENCE_LENGTH, prompt + value, Values.SEARCHED)
              : longer;
        },
        most);
  }

  private static int beside(ResolvedJob job) {
    int sequence = job.batch().sequenceLength();
    return job.objective().completed().map(all -> sequence - all.answer(sequence)).orElse(0);
  }

  /** Groups that the micro-batches of all ranks add up to, each of which is a step's only one. */
  static Values groups(ResolvedJob job) {
    int each = Math.multiplyExact(job.batch().microBatch(), job.parallelism().dataParallel());
    return new Values(
        Math.max(1, LARGEST_GROUP / each),
        index -> each * (index + 1),
        (given, value) ->
            given
                .without(List.of(JobKey.STEPS_PER_GENERATION))
                .with(JobKey.GROUP_SIZE, value, Values.SEARCHED)
                .with(JobKey.GRAD_ACCUM, value / each, Values.SEARCHED),
        LARGEST_GROUP / each * each);
  }

  /** Shares from the least with which the engine starts, or where none is, as the job has it. */
  static Values shares(FitEvaluator evaluator, JobDocument document) {
    Values.Put put =
        (given, value) -> given.with(JobKey.ENGINE_FRACTION, share(value), Values.SEARCHED);
    int first =
        IntStream.range(1, HUNDRED)
            .filter(value -> evaluator.tryCheck(put.in(document, value)).isPresent())
            .findFirst()
            .orElse(HUNDRED - 1);
    return new Values(HUNDRED - first, index -> first + index, put, HUNDRED - 1);
  }
}
