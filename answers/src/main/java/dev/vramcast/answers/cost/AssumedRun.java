package dev.vramcast.answers.cost;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A job whose machines are compared by price.
 *
 * @param job settled
 * @param assumed that its size is; empty where the job says on how much it trains
 */
public record AssumedRun(RequestedJob job, Optional<Notice> assumed) {

  /**
   * Tokens of a run of which nobody says how long it is: a round number, so large that what a
   * machine takes to start hardly counts.
   */
  private static final double TOKENS = 10_000_000;

  private static final Notice ASSUMED =
      Notice.of("The job does not say on how much it trains: ", Gib.grouped((long) TOKENS))
          .and(" tokens are priced; ", JobKey.TOKENS, ", ", JobKey.STEPS, ", or ")
          .and(JobKey.EXAMPLES, " with ", JobKey.TOKENS_PER_EXAMPLE, ", says how much.");

  /**
   * The job, of a size that prices of machines can be told by.
   *
   * @param settle settles a document
   */
  public static AssumedRun of(JobDocument document, Function<JobDocument, RequestedJob> settle) {
    RequestedJob stated = settle.apply(document);
    if (TrainingData.of(stated.resolution()).isPresent()) {
      return stated(stated);
    }
    Place place = new Place.Chosen("the prices of machines");
    return new AssumedRun(
        settle.apply(document.with(JobKey.TOKENS, TOKENS, place)), Optional.of(ASSUMED));
  }

  /** The job as it stands. */
  public static AssumedRun stated(RequestedJob job) {
    return new AssumedRun(job, Optional.empty());
  }

  /** What is taken for granted of its tokens. */
  public List<Notice> notes() {
    List<Notice> notes = new ArrayList<>(assumed.stream().toList());
    notes.addAll(CostNotes.ofTokens(job.document(), job.resolution()));
    return notes;
  }
}
