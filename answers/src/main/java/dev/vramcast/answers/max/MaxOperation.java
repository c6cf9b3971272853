package dev.vramcast.answers.max;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The most that a card holds. */
public record MaxOperation() implements Operation {

  /** Find the largest model; on a command line the model's own flag without a name. */
  public static final Parameter MODEL =
      Parameter.flag(JobKey.MODEL_ID.flag(), "Find the largest model.");

  private static final Parameter MEMORY =
      Parameter.text(CardMemory.MEMORY, "SIZE", "Memory in place of a card, as in 24GB.");

  @Override
  public String name() {
    return "max";
  }

  @Override
  public String summary() {
    return "Find the largest batch, sequence, image, group or model that a card holds.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(List.of(MODEL));
    Arrays.stream(Sought.values()).map(Sought::parameter).forEach(parameters::add);
    parameters.addAll(
        List.of(MEMORY, JobParameters.HEADROOM, JobParameters.SIZE, JobParameters.ACTIVE_PARAMS));
    return parameters;
  }

  /** Keys whose flags ask for their largest value where they have none, on a command line. */
  public static Map<JobKey, Parameter> askedByKey() {
    Map<JobKey, Parameter> asked = new EnumMap<>(JobKey.class);
    asked.put(JobKey.MODEL_ID, MODEL);
    Arrays.stream(Sought.values())
        .filter(Sought::byKey)
        .forEach(each -> asked.put(each.key(), each.parameter()));
    return asked;
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
      throw InputError.of(all())
          .kind(ErrorKind.CONTRADICTION)
          .and(" and ", MODEL, " exclude each other")
          .concerning(sought.get(0).parameter())
          .refusal();
    }
    JobDocument named = JobParameters.sized(call);
    EstimateRequest.refuseWithoutStep(named);
    CardMemory card = CardMemory.of(named, given.value(MEMORY), call.gpus());
    JobDocument document = CardMemory.withoutSize(named);
    long keptFree = JobParameters.headroom(given, JobParameters.HEADROOM);
    if (!sought.isEmpty()) {
      return limit(call, document, card, keptFree, sought.get(0));
    }
    boolean known = document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG);
    if (known && !anyModel) {
      throw InputError.of("a model is named, so say what is looked for")
          .kind(ErrorKind.MISSING)
          .concerning(Sought.BATCH.parameter())
          .allowed(all())
          .refusal();
    }
    ModelsRequest request = ModelsRequest.of(document, card, keptFree, call.gpus());
    return anyModel ? request.largest() : request.ladder();
  }

  /**
   * Refuses a number behind a flag that looks for one.
   *
   * @param number what stands behind it
   */
  public static void refuseValue(Given given, String number) {
    for (Sought sought : Sought.values()) {
      if (given.has(sought.parameter())) {
        throw InputError.about(sought.parameter())
            .and(" looks for ", sought.largest(), " and takes no value")
            .hint("to give one: ", sought.key(), " ", number)
            .refusal();
      }
    }
  }

  /** The parameters of all that is searched, with commas between them. */
  private static Object[] all() {
    return Arrays.stream(Sought.values())
        .flatMap(each -> Stream.of(", ", each.parameter()))
        .skip(1)
        .toArray();
  }

  private static Answer limit(
      Call call, JobDocument document, CardMemory card, long keptFree, Sought sought) {
    if (call.over().has(sought.key())) {
      throw InputError.about(sought.parameter())
          .and(" looks for ", sought.largest(), ", so ", sought.key(), " cannot be given too")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    JobDocument asked =
        switch (sought) {
          case IMAGE -> LargestImage.withImage(document);
          case SEQUENCE -> LimitRequest.withRoom(document);
          default -> document;
        };
    return new LimitRequest(EstimateRequest.of(call, asked), card, keptFree, sought).report();
  }
}
