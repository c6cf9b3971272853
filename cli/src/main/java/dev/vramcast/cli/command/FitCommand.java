package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.fit.CorrectedFit;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.LocalGpus;
import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.CorrectionArguments;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast fit}: a gate in front of a launch. */
public final class FitCommand implements Command {

  private static final FitOperation OPERATION = new FitOperation();

  private static final String EXPLAIN = "--explain";

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
    spec.addOption(
        Options.flag(EXPLAIN, "Show all changes that save memory, and every assumption."));
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 fits, 1 tight, 3 does not fit, 4 not modelled, 2 bad input.",
            "",
            "Examples:",
            "  vramcast fit --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast fit job.yaml --gpu a100-80gb --count 8 --headroom 2GiB");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Call call = JobArguments.call(arguments, Set.of(), corrections, Progress.NONE, console);
    CorrectedFit fit = OPERATION.report(call, onSomeCard(call.document(), call.gpus()));
    boolean explain = arguments.hasMatchedOption(EXPLAIN);
    format.print(fit, () -> fit.lines(console.terminal(), explain), console);
    return switch (fit.report().check().verdict()) {
      case FITS -> ExitCode.OK;
      case TIGHT -> ExitCode.TIGHT;
      case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
      case NOT_MODELLED -> ExitCode.NOT_MODELLED;
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
      throw InputError.of("no GPU to hold the job against")
          .concerning(JobKey.GPU)
          .hint(
              "give ",
              JobKey.GPU,
              " NAME, or run where there is one (",
              e.error().line(CommandWords.ALL),
              ")")
          .refusal(e);
    }
    return document.with(JobKey.GPU, LocalGpus.NAME, new Place.Chosen("found on this machine"));
  }
}
