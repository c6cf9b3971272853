package dev.vramcast.cli.command;

import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.gpus.GpusReport;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast gpus}: the accelerators of the catalogue. */
public final class GpusCommand implements Command {

  private static final GpusOperation OPERATION = new GpusOperation();

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
    CommandSpec spec = CommandSpec.create();
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(EXPLAIN, "Show where each figure comes from."));
    spec.usageMessage()
        .footer("", "Examples:", "  vramcast gpus 24GB..48GB", "  vramcast gpus h100 --explain");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    GpusReport report = OPERATION.answer(CatalogueArguments.call(arguments, console));
    boolean all = arguments.hasMatchedOption(EXPLAIN);
    return format.print(report, () -> report.lines(console.terminal(), all), console);
  }
}
