package dev.tunefit.cli.command;

import dev.tunefit.answers.operation.Call;
import dev.tunefit.answers.operation.FitOperation;
import dev.tunefit.answers.report.CorrectedFit;
import dev.tunefit.answers.request.Corrections;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.plan.Progress;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit fit}: a gate in front of a launch. */
public final class FitCommand implements Command {

  private static final FitOperation OPERATION = new FitOperation();

  @Override
  public String name() {
    return OPERATION.name();
  }

  @Override
  public String summary() {
    return OPERATION.summary();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 fits, 1 tight, 3 does not fit, 2 bad input.",
            "",
            "Examples:",
            "  tunefit fit --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  tunefit fit job.yaml --gpu a100-80gb --count 8 --headroom 2GiB");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Call call = JobArguments.call(arguments, Set.of(), corrections, Progress.NONE, console);
    CorrectedFit fit = OPERATION.report(call, onSomeCard(call.document(), call.gpus()));
    format.print(fit.answer(), console);
    return switch (fit.report().check().verdict()) {
      case FITS -> ExitCode.OK;
      case TIGHT -> ExitCode.TIGHT;
      case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
    };
  }

  /** Where no card is named, that of this machine is meant. */
  private static JobDocument onSomeCard(JobDocument document, GpuFinder gpus) {
    if (document.has(JobKey.GPU)) {
      return document;
    }
    try {
      gpus.find(LocalGpus.NAME);
    } catch (InputException e) {
      throw new InputException(
          "no GPU to hold the job against: give --gpu NAME, or run where there is one ("
              + e.getMessage()
              + ")");
    }
    return document.with(JobKey.GPU, LocalGpus.NAME, "found on this machine");
  }
}
