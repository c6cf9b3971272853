package dev.vramcast.cli.command;

import dev.vramcast.answers.guide.GuideOperation;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.OutputFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast guide}: a guide's memory table, recomputed and judged. */
public final class GuideCommand implements Command {

  private static final GuideOperation OPERATION = new GuideOperation();

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
    spec.addOption(OutputFormat.option());
    OutputFormat.addExplain(spec);
    spec.usageMessage()
        .footer("", "Examples:", "  vramcast guide", "  vramcast guide --format json");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    return format.print(OPERATION.answer(CatalogueArguments.call(arguments, console)), console);
  }
}
