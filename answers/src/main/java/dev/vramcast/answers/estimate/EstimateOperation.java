package dev.vramcast.answers.estimate;

import dev.vramcast.answers.correction.CorrectedFigures;
import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.ResolvedJob;
import java.util.List;
import java.util.Optional;

/** The peak memory of one training step, why, and how long it takes. */
public record EstimateOperation() implements Operation {

  /** The memory of the step, state by state. */
  public static final Parameter TIMELINE =
      Parameter.flag("--timeline", "Add the memory of the step, state by state.");

  /** What is alive at the peak, by module. */
  public static final Parameter BY_MODULE =
      Parameter.flag(
          "--by-module",
          "Show the tensors alive at the peak by the module that made them, with operation, shape"
              + " and code.");

  @Override
  public String name() {
    return "estimate";
  }

  @Override
  public String summary() {
    return "Estimate peak memory and time of a training step, and show what they are made of.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        TIMELINE,
        BY_MODULE,
        JobParameters.SIZE,
        JobParameters.ACTIVE_PARAMS,
        JobParameters.EVAL_TOKENS,
        JobParameters.SAVES);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(EstimateRecord.class, WeightsRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    EstimateRequest request = EstimateRequest.of(call, JobParameters.sized(call));
    Optional<WeightsAnswer> weights = request.weights(0);
    return weights.isPresent()
        ? weights.get()
        : answer(call, request, request.report(JobParameters.extras(call.given())));
  }

  /** As {@link #answer}, for whoever will read its record: reserved bytes are found meanwhile. */
  public Answer recorded(Call call) {
    EstimateRequest request = EstimateRequest.of(call, JobParameters.sized(call));
    Optional<WeightsAnswer> weights = request.weights(0);
    if (weights.isPresent()) {
      return weights.get();
    }
    EstimateReport report = request.report(JobParameters.extras(call.given()));
    report.memory().ranks().forEach(rank -> request.steps().helpers().begin(rank::foresee));
    return answer(call, request, report);
  }

  @Override
  public Answer verdict(Call call) {
    return Operation.verdict(() -> recorded(call));
  }

  private static EstimateAnswer answer(Call call, EstimateRequest request, EstimateReport report) {
    Corrections corrections = call.corrections();
    Architecture architecture = report.model().architecture();
    ResolvedJob job = report.resolution().job();
    Optional<CorrectedFigures> corrected =
        corrections
            .find(architecture, job, report.gpu())
            .map(saved -> CorrectedFigures.of(report, saved));
    return new EstimateAnswer(
        report,
        new EstimateScreen(call, request, report, corrected).first(),
        corrected,
        corrections.outdated(architecture, job, report.gpu()),
        call.given().has(TIMELINE),
        call.given().has(BY_MODULE));
  }
}
