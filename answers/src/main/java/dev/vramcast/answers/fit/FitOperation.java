package dev.vramcast.answers.fit;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import java.util.List;

/** Whether a job fits its GPUs. */
public record FitOperation() implements Operation {

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
    return List.of(JobParameters.HEADROOM);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(FitRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    return report(call, call.document());
  }

  /** The verdict on a job whose document is known. */
  public CorrectedFit report(Call call, JobDocument document) {
    return new FitRequest(
            EstimateRequest.of(call, document),
            JobParameters.headroom(call.given(), JobParameters.HEADROOM),
            call.corrections())
        .report(call.today());
  }
}
