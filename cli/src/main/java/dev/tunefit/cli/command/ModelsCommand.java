package dev.tunefit.cli.command;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.answers.report.ModelsReport;
import dev.tunefit.catalog.model.ModelCatalog;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit models}: what the embedded catalogue knows. */
public final class ModelsCommand implements Command {

  private static final String VERBOSE = "--verbose";

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "List the models of the catalogue, or those that match a word.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.word("SEARCH", "Part of a name, an alias, a Hub id or a model type."));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(VERBOSE, "Show aliases and Hub ids too."));
    spec.usageMessage()
        .footer("", "Examples:", "  tunefit models qwen3", "  tunefit models 70b --verbose");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<String> search = Options.word(arguments);
    ModelsReport report = ModelsReport.of(ModelCatalog.embedded(), search);
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(report.json(Version.current())));
    } else {
      console.print(report.lines(console.terminal(), arguments.hasMatchedOption(VERBOSE)));
    }
    return ExitCode.OK;
  }
}
