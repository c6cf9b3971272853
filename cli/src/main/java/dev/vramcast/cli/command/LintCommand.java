package dev.vramcast.cli.command;

import dev.vramcast.answers.lint.LintOperation;
import dev.vramcast.answers.lint.LintReport;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.schema.Fixes;
import dev.vramcast.formats.training.schema.LineDiff;
import dev.vramcast.formats.training.text.TrainingText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast lint}: what in a training file does not do what it seems to. */
public final class LintCommand implements Command {

  private static final LintOperation OPERATION = new LintOperation();

  private static final String FIX = "--fix";
  private static final String DIFF = "--diff";

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
    spec.addOption(Options.of(LintOperation.VERSION));
    spec.addOption(
        Options.flag(FIX, "Write the file beside itself with keys under their right names."));
    spec.addOption(Options.flag(DIFF, "Print what --fix would change, as a patch."));
    Overwrite.addTo(spec);
    spec.addOption(OutputFormat.option());
    OutputFormat.addExplain(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 nothing to change, 1 warnings, 2 not readable.",
            "",
            "Examples:",
            "  vramcast lint axolotl.yml",
            "  vramcast lint sft.yaml fsdp2.yaml --as trl --format json",
            "  vramcast lint sft.yaml --framework-version 0.12.2",
            "  vramcast lint axolotl.yml --diff | patch axolotl.yml");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    LintReport report = OPERATION.answer(JobArguments.call(arguments, console));
    boolean diff = arguments.hasMatchedOption(DIFF);
    boolean fix = arguments.hasMatchedOption(FIX);
    if (diff || fix) {
      Path file = file(arguments, report.reading(), fix ? FIX : DIFF);
      List<String> lines = TrainingText.content(file).lines().toList();
      List<String> fixed = Fixes.of(report.reading(), lines);
      if (diff) {
        console.print(LineDiff.of(file.getFileName().toString(), lines, fixed));
      }
      if (fix) {
        console.print(List.of(written(file, lines, fixed, Overwrite.of(arguments))));
      }
    } else {
      format.print(report, console);
    }
    boolean warned =
        report.reading().findings().stream().map(Finding::code).anyMatch(code -> code.isWarning());
    return warned ? ExitCode.LIMIT_MISSED : ExitCode.OK;
  }

  /** The file that was read, of those that are named. */
  private static Path file(ParseResult arguments, Reading reading, String option) {
    return Options.words(arguments).stream()
        .map(Path::of)
        .filter(path -> TrainingText.name(path).equals(reading.file()) && Files.isRegularFile(path))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.about(new Subject.Flag(option))
                    .kind(ErrorKind.MISSING)
                    .and(" needs a file, and ", reading.file(), " is none that is named")
                    .refusal());
  }

  /** What became of it, in a line. */
  private static String written(
      Path file, List<String> before, List<String> after, Overwrite overwrite) {
    long changed = 0;
    for (int line = 0; line < before.size(); line++) {
      changed += before.get(line).equals(after.get(line)) ? 0 : 1;
    }
    if (changed == 0) {
      return "nothing in " + file.getFileName() + " is changed by --fix";
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String beside =
        dot > 0 ? name.substring(0, dot) + ".fixed" + name.substring(dot) : name + ".fixed";
    Path target = file.resolveSibling(beside);
    overwrite.check(target);
    WholeFile.write(target, String.join("\n", after) + "\n");
    return "wrote %s: %d line%s changed".formatted(target, changed, changed == 1 ? "" : "s");
  }
}
