package dev.vramcast.cli.command;

import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.answers.prices.PricesOperation;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.prices.RefreshReport;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.price.refresh.PriceSource;
import dev.vramcast.catalog.price.refresh.Refresh;
import dev.vramcast.catalog.price.refresh.SourceClient;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.PriceDate;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast prices}: what GPUs cost by the hour, and how old those prices are. */
public final class PricesCommand implements Command {

  private static final PricesOperation OPERATION = new PricesOperation();

  private static final String ALL = "--all";
  private static final String WRITE = "--write";
  private static final String REFRESH = "--refresh";
  private static final String SOURCE = "--source";

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
    OPERATION.parameters(Asker.HERE).forEach(parameter -> Options.add(spec, parameter));
    spec.addOption(Options.flag(ALL, "Show every offer."));
    OutputFormat.addExplain(
        spec, "Show where each price comes from, each row left out, and every figure.");
    spec.addOption(Options.text(WRITE, "FILE", "Write the offers as a list of your own, in CSV."));
    Overwrite.addTo(spec);
    spec.addOption(
        Options.flag(
            REFRESH, "Fetch current prices from where they are published, and keep them."));
    spec.addOption(Options.text(SOURCE, "NAME,...", "With " + REFRESH + ": only these sources."));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes of --refresh: 0 all sources, 1 some, 2 none.",
            "",
            "Examples:",
            "  vramcast prices h100:8",
            "  vramcast prices 24GB.. --spot --provider aws,gcp",
            "  vramcast prices --refresh",
            "  vramcast prices --refresh --source vast,runpod",
            "  vramcast prices --list catalogs/v8/aws/vms.csv --as-of 2026-11-20 --write aws.csv");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    if (arguments.hasMatchedOption(REFRESH)) {
      return refresh(arguments, format, console);
    }
    if (arguments.hasMatchedOption(SOURCE)) {
      throw InputError.about(Subject.option(SOURCE))
          .kind(ErrorKind.MISSING)
          .and(" needs ", Subject.option(REFRESH))
          .refusal();
    }
    Optional<OutputFile> target = OutputFile.of(arguments, WRITE);
    PricesReport report = OPERATION.answer(CatalogueArguments.call(arguments, console));
    target.ifPresent(file -> file.write(PriceCsv.of(report.offers())));
    boolean all = arguments.hasMatchedOption(ALL);
    boolean explain = format == OutputFormat.EXPLAINED;
    return format.print(
        report, () -> PricesTable.lines(report, console.terminal(), all, explain), console);
  }

  private static int refresh(ParseResult arguments, OutputFormat format, Console console) {
    Map<String, String> variables = console.surroundings().variables();
    List<String> names =
        Options.value(arguments, SOURCE).map(text -> List.of(text.split(","))).orElse(List.of());
    List<PriceSource> sources = PriceSource.named(PriceSource.all(variables), names);
    LocalDate today = console.surroundings().today();
    KeptPrices kept = KeptPrices.of(variables);
    Refresh refresh = new Refresh(SourceClient.USUAL, kept, PriceDate.of(today));
    List<Refresh.Outcome> outcomes = sources.parallelStream().map(refresh::of).toList();
    RefreshReport report = new RefreshReport(outcomes, kept, today);
    format.print(report, console);
    if (report.fetched() == 0) {
      return ExitCode.BAD_INPUT;
    }
    return report.fetched() == outcomes.size() ? ExitCode.OK : ExitCode.LIMIT_MISSED;
  }
}
