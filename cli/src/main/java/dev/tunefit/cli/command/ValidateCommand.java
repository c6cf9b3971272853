package dev.tunefit.cli.command;

import dev.tunefit.core.input.InputException;
import dev.tunefit.validation.FailAbove;
import dev.tunefit.validation.Report;
import dev.tunefit.validation.Validation;
import dev.tunefit.validation.report.AccuracyDocument;
import dev.tunefit.validation.report.ReportJson;
import dev.tunefit.validation.report.ReportTable;
import dev.tunefit.validation.report.ScatterChart;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit validate}: how far the estimates are from measured runs. */
public final class ValidateCommand implements Command {

  private static final String FAIL_ABOVE = "--fail-above";
  private static final String CHART = "--chart";
  private static final String WRITE = "--write";

  @Override
  public String name() {
    return "validate";
  }

  @Override
  public String summary() {
    return "Run the estimate over measured cases and report how far off it is.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .type(String[].class)
            .auxiliaryTypes(String.class)
            .paramLabel("CASES")
            .description("Files with one case, a JSON object, a line.")
            .build());
    spec.addOption(OutputFormat.option());
    spec.addOption(
        Options.text(
            FAIL_ABOVE,
            "NAME=N,...",
            "Return 1 when a figure is above its limit, as in median=0.01,p95=0.03. Names: "
                + String.join(", ", FailAbove.names())
                + "."));
    spec.addOption(Options.text(CHART, "FILE", "Draw predicted against measured peaks as SVG."));
    spec.addOption(
        Options.text(
            WRITE, "FILE", "Write the accuracy page over the cases that are part of tunefit."));
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit validate cases.jsonl --chart errors.svg",
            "  tunefit validate cases.jsonl --fail-above median=0.01,p95=0.03",
            "  tunefit validate --write docs/accuracy.md");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<FailAbove> limits =
        Options.value(arguments, FAIL_ABOVE).map(text -> FailAbove.parse(text, FAIL_ABOVE));
    Optional<OutputFile> chart = Options.value(arguments, CHART).map(OutputFile::of);
    Optional<OutputFile> page = Options.value(arguments, WRITE).map(OutputFile::of);
    List<Path> files =
        Arrays.stream(arguments.matchedPositionalValue(0, new String[0])).map(Paths::of).toList();
    page.ifPresent(file -> file.write(AccuracyDocument.text()));
    if (files.isEmpty()) {
      return withoutFiles(page, limits.isPresent() || chart.isPresent());
    }
    Report report = Validation.run(files);
    chart.ifPresent(file -> file.write(ScatterChart.of(report)));
    console.print(format == OutputFormat.JSON ? ReportJson.of(report) : ReportTable.of(report));
    List<String> broken = limits.map(each -> each.broken(report)).orElse(List.of());
    broken.forEach(console::fail);
    return broken.isEmpty() ? ExitCode.OK : ExitCode.LIMIT_MISSED;
  }

  private static int withoutFiles(Optional<OutputFile> page, boolean wantsReport) {
    if (page.isEmpty() || wantsReport) {
      throw new InputException("no cases: give files with one case a line");
    }
    return ExitCode.OK;
  }
}
