package dev.vramcast.cli.command;

import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.cli.option.Paths;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.validation.FailAbove;
import dev.vramcast.validation.Figures;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Validation;
import dev.vramcast.validation.corpus.FileReadings;
import dev.vramcast.validation.report.AccuracyDocument;
import dev.vramcast.validation.report.RangeDocument;
import dev.vramcast.validation.report.ReportJson;
import dev.vramcast.validation.report.ReportRecord;
import dev.vramcast.validation.report.ReportTable;
import dev.vramcast.validation.report.ScatterChart;
import dev.vramcast.validation.speed.SpeedFitDocument;
import dev.vramcast.validation.speed.SpeedFitting;
import dev.vramcast.validation.tensors.TensorComparison;
import dev.vramcast.validation.tensors.TensorJson;
import dev.vramcast.validation.tensors.TensorTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast validate}: how far the estimates are from measured runs. */
public final class ValidateCommand implements Command {

  private static final String FAIL_ABOVE = "--fail-above";
  private static final String CHART = "--chart";
  private static final String TENSORS = "--tensors";
  private static final String WRITE = "--write";
  private static final String WRITE_RANGES = "--write-ranges";
  private static final String WRITE_FIGURES = "--write-figures";
  private static final String FIT_TIME = "--fit-time";
  private static final String READ_FILES = "--read-files";

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
    OutputFormat.addExplain(spec);
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
            TENSORS,
            "FILE",
            "Compare the tensors of FILE, which validation/measure lists, with those of the"
                + " estimate. The case that FILE names is looked up in CASES, or in the cases that"
                + " are part of vramcast."));
    addDocuments(spec);
    spec.addOption(
        Options.text(
            READ_FILES,
            "LIST",
            "Ask about every training file that LIST names, a path a line, and print what became"
                + " of each, a JSON object a line."));
    Overwrite.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  vramcast validate cases.jsonl --chart errors.svg",
            "  vramcast validate cases.jsonl --fail-above median=0.01,p95=0.03",
            "  vramcast validate cases.jsonl --tensors tensors/my-run.jsonl",
            "  vramcast validate --overwrite --write docs/accuracy.md",
            "  vramcast validate --write-ranges ranges.tsv");
    return spec;
  }

  private static void addDocuments(CommandSpec spec) {
    spec.addOption(
        Options.text(
            WRITE, "FILE", "Write the accuracy page over the cases that are part of vramcast."));
    spec.addOption(
        Options.text(
            WRITE_RANGES,
            "FILE",
            "Write the ranges that follow from CASES, or from the cases that are part of"
                + " vramcast."));
    spec.addOption(
        Options.text(
            WRITE_FIGURES,
            "FILE",
            "Write every figure of the estimates of the cases that are part of vramcast, a case a"
                + " line, to compare one version with another."));
    spec.addOption(
        Options.text(
            FIT_TIME,
            "FOLDER",
            "Fit the coefficients of speed to the runs that are part of vramcast, each source"
                + " counted once, and write them and what is left of errors to files in FOLDER."));
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    Wanted wanted = Wanted.of(arguments);
    List<Path> files =
        Arrays.stream(arguments.matchedPositionalValue(0, new String[0])).map(Paths::of).toList();
    Optional<Path> tensors = Options.value(arguments, TENSORS).map(Paths::of);
    Optional<String> list = Options.value(arguments, READ_FILES);
    Optional<String> fit = Options.value(arguments, FIT_TIME);
    if (tensors.isPresent()) {
      TensorComparison comparison = TensorComparison.of(tensors.get(), files);
      console.print(
          wanted.format() == OutputFormat.JSON
              ? TensorJson.of(comparison)
              : TensorTable.of(comparison));
    } else if (list.isPresent()) {
      console.print(FileReadings.text(Paths.of(list.get())));
    } else if (fit.isPresent()) {
      fitTime(folder(fit.get()), Overwrite.of(arguments), console);
    } else {
      return wanted.write(files, console);
    }
    return ExitCode.OK;
  }

  /** What is made of cases: a report on those of files, and documents of those that are shipped. */
  private record Wanted(
      OutputFormat format,
      Optional<FailAbove> limits,
      Optional<OutputFile> chart,
      Optional<OutputFile> page,
      Optional<OutputFile> ranges,
      Optional<OutputFile> figures) {

    static Wanted of(ParseResult arguments) {
      return new Wanted(
          OutputFormat.of(arguments),
          Options.value(arguments, FAIL_ABOVE)
              .map(text -> FailAbove.parse(text, Subject.option(FAIL_ABOVE))),
          OutputFile.ofSvg(arguments, CHART),
          OutputFile.of(arguments, WRITE),
          OutputFile.of(arguments, WRITE_RANGES),
          OutputFile.of(arguments, WRITE_FIGURES));
    }

    int write(List<Path> files, Console console) {
      page.ifPresent(file -> file.write(AccuracyDocument.text()));
      figures.ifPresent(file -> file.write(Figures.text()));
      if (files.isEmpty()) {
        ranges.ifPresent(file -> file.write(RangeDocument.text()));
        boolean wrote = page.isPresent() || ranges.isPresent() || figures.isPresent();
        return withoutFiles(wrote, limits.isPresent() || chart.isPresent());
      }
      return report(files, console);
    }

    private int report(List<Path> files, Console console) {
      Report report = Validation.run(files);
      chart.ifPresent(file -> file.write(ScatterChart.of(report)));
      ranges.ifPresent(file -> file.write(RangeDocument.text(report, names(files))));
      console.print(format == OutputFormat.JSON ? ReportJson.of(report) : ReportTable.of(report));
      if (format == OutputFormat.EXPLAINED) {
        OutputFormat.figures(ReportRecord.of(report), console);
      }
      List<String> broken = limits.map(each -> each.broken(report)).orElse(List.of());
      broken.forEach(console::fail);
      return broken.isEmpty() ? ExitCode.OK : ExitCode.LIMIT_MISSED;
    }
  }

  private static Path folder(String given) {
    if (given.isBlank()) {
      throw InputError.about(Subject.option(FIT_TIME))
          .is(given)
          .allowed("a folder to write into")
          .refusal();
    }
    return Paths.of(given);
  }

  private static void fitTime(Path folder, Overwrite overwrite, Console console) {
    OutputFile coefficients = in(folder, SpeedFitDocument.COEFFICIENTS, overwrite);
    OutputFile residuals = in(folder, SpeedFitDocument.RESIDUALS, overwrite);
    SpeedFitting fitting = SpeedFitting.shipped();
    coefficients.write(SpeedFitDocument.coefficients(fitting));
    residuals.write(SpeedFitDocument.residuals(fitting));
    console.print(SpeedFitDocument.summary(fitting));
  }

  private static OutputFile in(Path folder, String name, Overwrite overwrite) {
    return OutputFile.of(folder.resolve(name).toString(), overwrite);
  }

  /** Without their folders, which differ from one machine to the next. */
  private static String names(List<Path> files) {
    return files.stream()
        .map(file -> Shown.oneLine(String.valueOf(file.getFileName())))
        .collect(Collectors.joining(", "));
  }

  private static int withoutFiles(boolean wrote, boolean wantsReport) {
    if (!wrote || wantsReport) {
      throw InputError.of("no cases")
          .hint("give files with one case a line")
          .kind(ErrorKind.MISSING)
          .refusal();
    }
    return ExitCode.OK;
  }
}
