package dev.tunefit.cli.command;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.report.GpusReport;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.catalog.gpu.GpuCatalog;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit gpus}: the accelerators of the catalogue. */
public final class GpusCommand implements Command {

  private static final String EXPLAIN = "--explain";

  @Override
  public String name() {
    return "gpus";
  }

  @Override
  public String summary() {
    return "List the GPUs of the catalogue, or those that a filter lets through.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.word(
            "SEARCH",
            "Names, a maker, a generation or a size of memory: A10G,A100, nvidia, blackwell,"
                + " 24GB.., 16GB..48GB; joined by colons: nvidia:24GB.."));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(EXPLAIN, "Show where each figure comes from."));
    spec.usageMessage()
        .footer("", "Examples:", "  tunefit gpus 24GB..48GB", "  tunefit gpus h100 --explain");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<String> search = Options.word(arguments);
    GpusReport report = GpusReport.of(GpuCatalog.embedded(), search);
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(report.json(Version.current())));
    } else {
      console.print(report.lines(console.terminal(), arguments.hasMatchedOption(EXPLAIN)));
    }
    return ExitCode.OK;
  }
}
