package dev.vramcast.answers.fit;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.estimate.WeightsAnswer;
import dev.vramcast.answers.estimate.WeightsRecord;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;

/** Whether a job fits its GPUs. */
public record FitOperation() implements Operation {

  /** Asks about all cards in place of one. */
  public static final Parameter EVERY_CARD =
      Parameter.flag("--every-card", "Hold the job against every card, the cheapest first.");

  @Override
  public String name() {
    return "fit";
  }

  @Override
  public String summary() {
    return "Say whether a job fits its GPUs, and if not, what to change.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        JobParameters.HEADROOM, EVERY_CARD, JobParameters.SIZE, JobParameters.ACTIVE_PARAMS);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(FitRecord.class, CardsRecord.class, WeightsRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    JobDocument document = JobParameters.sized(call);
    Optional<WeightsAnswer> weights = weights(call, document);
    if (weights.isPresent()) {
      return weights.get();
    }
    return document.has(JobKey.GPU) && !call.given().has(EVERY_CARD)
        ? report(call, document)
        : cards(call, document, Optional.empty());
  }

  /** The answer to a job that trains nothing, which is that of an estimate; empty for others. */
  public Optional<WeightsAnswer> weights(Call call, JobDocument document) {
    long keptFree = JobParameters.headroom(call.given(), JobParameters.HEADROOM);
    return EstimateRequest.of(call, document).weights(keptFree);
  }

  /** The verdict on a job whose document is known. */
  public CorrectedFit report(Call call, JobDocument document) {
    return new FitRequest(
            EstimateRequest.of(call, document),
            JobParameters.headroom(call.given(), JobParameters.HEADROOM),
            call.corrections())
        .report(call.market());
  }

  /**
   * The verdicts on many cards.
   *
   * @param why no card is named, where there is something to say of it
   */
  public CardsThatFit cards(Call call, JobDocument document, Optional<Notice> why) {
    return new CardsRequest(
            EstimateRequest.of(call, document.without(List.of(JobKey.GPU))),
            JobParameters.headroom(call.given(), JobParameters.HEADROOM),
            call.given().has(EVERY_CARD),
            why)
        .report(call.market());
  }
}
