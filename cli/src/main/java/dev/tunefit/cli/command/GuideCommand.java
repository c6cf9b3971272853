package dev.tunefit.cli.command;

import dev.tunefit.answers.guide.GuideReport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit guide}: a guide's memory table, recomputed and judged. */
public final class GuideCommand implements Command {

  @Override
  public String name() {
    return "guide";
  }

  @Override
  public String summary() {
    return "Recompute a guide's memory table by its own rule of thumb, beside the tape's answers.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addOption(OutputFormat.option());
    spec.usageMessage().footer("", "Examples:", "  tunefit guide", "  tunefit guide --format json");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    return format.print(GuideReport.create(), console);
  }
}
