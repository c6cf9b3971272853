package dev.tunefit.cli.command;

import dev.tunefit.answers.report.CorrectedFit;
import dev.tunefit.answers.request.FitRequest;
import dev.tunefit.answers.request.MemoryText;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit fit}: a gate in front of a launch. */
public final class FitCommand implements Command {

  /** What is to stay free on the card. */
  static final String HEADROOM = "--headroom";

  @Override
  public String name() {
    return "fit";
  }

  @Override
  public String summary() {
    return "Say whether a job fits its GPUs, and if not, what to change.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    spec.addOption(
        Options.text(HEADROOM, "SIZE", "Memory that must stay free on the card, as in 2GiB."));
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
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    JobDocument document = onSomeCard(JobArguments.document(arguments), gpus);
    CorrectedFit fit =
        new FitRequest(
                JobArguments.request(arguments, document, gpus),
                headroom(arguments),
                CorrectionArguments.of(arguments, console))
            .report();
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

  static long headroom(ParseResult arguments) {
    return Options.value(arguments, HEADROOM)
        .map(text -> MemoryText.bytes(HEADROOM, text))
        .orElse(0L);
  }
}
