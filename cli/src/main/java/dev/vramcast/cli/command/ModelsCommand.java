package dev.vramcast.cli.command;

import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.models.ModelsReport;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast models}: what the embedded catalogue knows. */
public final class ModelsCommand implements Command {

  private static final ModelsOperation OPERATION = new ModelsOperation();

  private static final String VERBOSE = "--verbose";

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
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(VERBOSE, "Show aliases and Hub ids too."));
    spec.usageMessage()
        .footer("", "Examples:", "  vramcast models qwen3", "  vramcast models 70b --verbose");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    ModelsReport report = OPERATION.answer(CatalogueArguments.call(arguments, console));
    boolean all = arguments.hasMatchedOption(VERBOSE);
    return format.print(report, () -> report.lines(console.terminal(), all), console);
  }
}
