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
import java.util.Arrays;
import java.util.List;

/** The most that a card holds. */
public record MaxOperation() implements Operation {

  /** Find the largest model; on a command line the model's own flag without a name. */
  public static final Parameter MODEL =
      Parameter.flag(JobKey.MODEL_ID.flag(), "Find the largest model.");

  /** As {@link #MODEL}: on a command line a key's flag without a value. */
  public static final Parameter IMAGE = Sought.IMAGE.parameter();

  private static final Parameter MEMORY =
      Parameter.text(CardMemory.MEMORY, "SIZE", "Memory in place of a card, as in 24GB.");

  @Override
  public String name() {
    return "max";
  }

  @Override
  public String summary() {
    return "Find the largest batch, sequence, image or model that a card holds.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        MODEL,
        Sought.BATCH.parameter(),
        Sought.SEQUENCE.parameter(),
        IMAGE,
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
    List<Sought> sought =
        Arrays.stream(Sought.values()).filter(each -> given.has(each.parameter())).toList();
    if (sought.size() + (anyModel ? 1 : 0) > 1) {
      throw InputError.about(Sought.BATCH.parameter())
          .and(", ", Sought.SEQUENCE.parameter(), ", ", IMAGE, " and ", MODEL)
          .and(" exclude each other")
          .refusal();
    }
    JobDocument document = JobParameters.sized(call);
    CardMemory card = CardMemory.of(document, given.value(MEMORY), call.gpus());
    long keptFree = JobParameters.headroom(given, JobParameters.HEADROOM);
    if (!sought.isEmpty()) {
      return limit(call, document, card, keptFree, sought.get(0));
    }
    boolean named = document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG);
    if (named && !anyModel) {
      throw InputError.of("a model is named, so say what is looked for")
          .concerning(Sought.BATCH.parameter())
          .allowed(Sought.BATCH.parameter(), ", ", Sought.SEQUENCE.parameter(), ", ", IMAGE)
          .refusal();
    }
    ModelsRequest request = new ModelsRequest(document, card, keptFree);
    return anyModel ? request.largest() : request.ladder();
  }

  private static Answer limit(
      Call call, JobDocument document, CardMemory card, long keptFree, Sought sought) {
    if (call.over().has(sought.key())) {
      throw InputError.about(sought.parameter())
          .and(" looks for ", sought.largest(), ", so ", sought.key(), " cannot be given too")
          .refusal();
    }
    return new LimitRequest(EstimateRequest.of(call, document), card, keptFree, sought).report();
  }
}
