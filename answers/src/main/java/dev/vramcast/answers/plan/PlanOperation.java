package dev.vramcast.answers.plan;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.prices.MarketParameters;
import dev.vramcast.answers.prices.SpotParameters;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.plan.search.Confidence;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.setting.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which machine of a market to rent, and with which settings. */
public record PlanOperation() implements Operation {

  /** Every offer, and not the first ten. */
  public static final Parameter ALL =
      Parameter.flag("--all", "Show every offer, and not the first ten by cost or time.");

  private static final int FEW = 10;

  private static final Parameter SPOT =
      MarketParameters.spot("Spot machines, with what interruptions cost on average.");
  private static final Parameter METHODS =
      Parameter.text(PlanFlags.METHODS, "NAME,...", "Any of these methods, as in full,lora,qlora.")
          .of(PlanFlags.labels(Method.values()));
  private static final Parameter BUDGET =
      Parameter.text(PlanFlags.BUDGET, "USD", "What the whole run may cost, as in 50.");
  private static final Parameter DEADLINE =
      Parameter.text(PlanFlags.DEADLINE, "TIME", "How long it may take, as in 90min, 12h or 2d.");
  private static final Parameter CONFIDENCE =
      Parameter.text(
              PlanFlags.CONFIDENCE,
              "PERCENT",
              "How sure it is to stay within budget and deadline: 50 by the estimate, 90 where nine"
                  + " of ten runs are no slower. Default: 90.")
          .of(PlanFlags.labels(Confidence.values()));
  private static final Parameter LORA_RANKS =
      Parameter.text(
              PlanFlags.LORA_RANKS, "N,...", "Any of these ranks of adapters, as in 16,32,64.")
          .called("LoRA ranks");
  private static final Parameter SEQUENCE_LENGTHS =
      Parameter.text(
          PlanFlags.SEQUENCE_LENGTHS, "N,...", "Any of these lengths of a sequence, in tokens.");
  private static final Parameter MIN_SEQUENCE_LENGTH =
      Parameter.text(
          PlanFlags.MIN_SEQUENCE_LENGTH,
          "N",
          "Tokens of a sequence, at least, where the job does not say.");
  private static final Parameter MIN_GLOBAL_BATCH =
      Parameter.text(
          PlanFlags.MIN_GLOBAL_BATCH,
          "N",
          "Sequences that all GPUs together see in a step, at least."
              + " Default: what the job says, or "
              + Choices.USUAL_SEQUENCES
              + ".");
  private static final Parameter HEADROOM =
      Parameter.text(
          JobParameters.HEADROOM.name(),
          JobParameters.HEADROOM.label(),
          "Memory that must stay free on each GPU, as in 2GiB.");
  private static final Parameter BY =
      Parameter.text(
              PlanFlags.BY,
              "NAME",
              "cost, time or both: offers than which none is cheaper and faster. Default: both.")
          .of(PlanFlags.labels(Ranking.values()));

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String summary() {
    return "Find the cheapest and the fastest machines of a market for a job, and its settings.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> more = new ArrayList<>(SpotParameters.ALL);
    more.addAll(List.of(METHODS, LORA_RANKS, SEQUENCE_LENGTHS, BUDGET, DEADLINE, CONFIDENCE));
    more.addAll(List.of(MIN_SEQUENCE_LENGTH, MIN_GLOBAL_BATCH, HEADROOM, BY));
    more.addAll(
        List.of(
            ALL,
            JobParameters.EVAL_TOKENS,
            JobParameters.SAVES,
            JobParameters.SIZE,
            JobParameters.ACTIVE_PARAMS));
    return MarketParameters.between(MarketParameters.GPU, SPOT, more);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(PlanRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    return new PlanAnswer(report(call, request(call)));
  }

  /**
   * Searches.
   *
   * @throws InputException when what is asked for leaves no candidate to be estimated
   */
  public PlanReport report(Call call, PlanRequest request) {
    PlanReport report = request.report(call.today(), call.progress());
    if (report.isContradictory()) {
      throw report.nothing().refusal();
    }
    return report;
  }

  /** What is searched for. */
  public PlanRequest request(Call call) {
    Given given = call.given();
    return new PlanRequest(
        EstimateRequest.of(call, document(call)),
        MarketParameters.request(call, SPOT, Optional.empty()),
        PlanFlags.choices(
            given.value(METHODS),
            given.value(LORA_RANKS),
            given.value(SEQUENCE_LENGTHS),
            given.value(MIN_GLOBAL_BATCH)),
        PlanFlags.length(given.value(MIN_SEQUENCE_LENGTH)),
        PlanFlags.limits(given.value(BUDGET), given.value(DEADLINE), given.value(CONFIDENCE)),
        new PlanRequest.Terms(
            JobParameters.headroom(given, HEADROOM),
            JobParameters.extras(given),
            SpotParameters.read(given)),
        PlanFlags.ranking(given.value(BY)),
        given.has(ALL) ? Integer.MAX_VALUE : FEW);
  }

  /** The GPUs that are named are those that may be rented. */
  private static JobDocument document(Call call) {
    JobDocument over =
        call.given()
            .value(MarketParameters.GPU)
            .map(text -> call.over().withFlag(JobKey.GPU, text))
            .orElse(call.over());
    return JobParameters.sized(call, ProfileChoice.of(call.base(), over));
  }
}
