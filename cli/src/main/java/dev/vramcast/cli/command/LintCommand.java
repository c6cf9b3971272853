package dev.vramcast.cli.command;

import dev.vramcast.answers.lint.LintOperation;
import dev.vramcast.answers.lint.LintReport;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.formats.training.Finding;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast lint}: what in a training file does not do what it seems to. */
public final class LintCommand implements Command {

  private static final LintOperation OPERATION = new LintOperation();

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
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.words("FILE", "The training file of a framework, and those that belong to it."));
    spec.addOption(Options.of(JobParameters.AS));
    spec.addOption(OutputFormat.option());
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 nothing to change, 1 warnings, 2 not readable.",
            "",
            "Examples:",
            "  vramcast lint axolotl.yml",
            "  vramcast lint sft.yaml fsdp2.yaml --as trl --format json");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    LintReport report = OPERATION.answer(JobArguments.call(arguments, console));
    format.print(report, console);
    boolean warned =
        report.reading().findings().stream().map(Finding::code).anyMatch(code -> code.isWarning());
    return warned ? ExitCode.LIMIT_MISSED : ExitCode.OK;
  }
}
