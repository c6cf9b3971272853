package dev.vramcast.answers.max;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.stream.Stream;

/** The most that a card holds. */
public record MaxOperation() implements Operation {

  /** Find the largest model; on a command line the model's own flag without a name. */
  public static final Parameter MODEL =
      Parameter.flag(JobKey.MODEL_ID.flag(), "Find the largest model.");

  private static final Parameter BATCH = Parameter.flag("--batch", "Find the largest micro-batch.");
  private static final Parameter SEQUENCE =
      Parameter.flag("--sequence", "Find the longest sequence.");
  private static final Parameter MEMORY =
      Parameter.text(CardMemory.MEMORY, "SIZE", "Memory in place of a card, as in 24GB.");

  @Override
  public String name() {
    return "max";
  }

  @Override
  public String summary() {
    return "Find the largest batch, sequence or model that a card holds.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        MODEL,
        BATCH,
        SEQUENCE,
        MEMORY,
        JobParameters.HEADROOM,
        JobParameters.SIZE,
        JobParameters.ACTIVE_PARAMS);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(LimitRecord.class, ModelsThatFitRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    Given given = call.given();
    boolean anyModel = given.has(MODEL);
    boolean batch = given.has(BATCH);
    boolean sequence = given.has(SEQUENCE);
    if (Stream.of(anyModel, batch, sequence).filter(asked -> asked).count() > 1) {
      throw InputError.about(BATCH)
          .and(", ", SEQUENCE, " and ", MODEL, " exclude each other")
          .refusal();
    }
    JobDocument document = JobParameters.sized(call);
    CardMemory card = CardMemory.of(document, given.value(MEMORY), call.gpus());
    long keptFree = JobParameters.headroom(given, JobParameters.HEADROOM);
    if (batch || sequence) {
      return limit(call, document, card, keptFree);
    }
    boolean named = document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG);
    if (named && !anyModel) {
      throw InputError.of("a model is named, so say what is looked for")
          .concerning(BATCH)
          .allowed(BATCH, ", ", SEQUENCE)
          .refusal();
    }
    ModelsRequest request = new ModelsRequest(document, card, keptFree);
    return anyModel ? request.largest() : request.ladder();
  }

  private static Answer limit(Call call, JobDocument document, CardMemory card, long keptFree) {
    boolean batch = call.given().has(BATCH);
    JobKey key = batch ? JobKey.MICRO_BATCH : JobKey.SEQUENCE_LENGTH;
    if (call.over().has(key)) {
      throw InputError.about(batch ? BATCH : SEQUENCE)
          .and(
              " looks for the largest ",
              batch ? "micro-batch" : "sequence",
              ", so ",
              key,
              " cannot be given too")
          .refusal();
    }
    return new LimitRequest(EstimateRequest.of(call, document), card, keptFree, key).report();
  }
}
