package dev.tunefit.cli.command;

import dev.tunefit.cli.report.FitReport;
import dev.tunefit.cli.request.FitRequest;
import dev.tunefit.cli.request.MemoryText;
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
    FitReport report =
        new FitRequest(JobArguments.request(arguments), headroom(arguments)).report();
    format.print(report, console);
    return switch (report.check().verdict()) {
      case FITS -> ExitCode.OK;
      case TIGHT -> ExitCode.TIGHT;
      case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
    };
  }

  static long headroom(ParseResult arguments) {
    return Options.value(arguments, HEADROOM)
        .map(text -> MemoryText.bytes(HEADROOM, text))
        .orElse(0L);
  }
}
