package dev.vramcast.answers.estimate;

import static dev.vramcast.answers.operation.JobParameters.ACTIVE_PARAMS;

import dev.vramcast.answers.correction.CorrectedFigures;
import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.rule.RuleOfThumbRecord;
import dev.vramcast.answers.rule.RuleRequest;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Subject.Option;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
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

  /** Only the size is known. */
  public static final Parameter PARAMS =
      Parameter.text(
          RuleRequest.PARAMS,
          "SIZE",
          "Only the size is known, as in 7B: answer by a rule of thumb.");

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
        TIMELINE, BY_MODULE, PARAMS, ACTIVE_PARAMS, JobParameters.EVAL_TOKENS, JobParameters.SAVES);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(EstimateRecord.class, RuleOfThumbRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    Given given = call.given();
    JobDocument document = call.document();
    Optional<String> size = given.value(PARAMS);
    Optional<String> active = given.value(ACTIVE_PARAMS);
    if (size.isPresent()) {
      JobParameters.refuse(given.has(TIMELINE), drawsNothing(TIMELINE));
      JobParameters.refuse(given.has(BY_MODULE), drawsNothing(BY_MODULE));
      return new RuleRequest(document, size.get(), active, call.gpus()).report();
    }
    JobParameters.refuse(
        active.isPresent(), InputError.about(ACTIVE_PARAMS).and(" needs ", PARAMS));
    EstimateRequest request = EstimateRequest.of(call, document);
    return answer(call, request, request.report(JobParameters.extras(given)));
  }

  /** Why something that draws an estimate cannot be given with a size alone. */
  public static InputError drawsNothing(Option what) {
    return InputError.about(what).and(" draws an estimate, but ", PARAMS, " gives none");
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
