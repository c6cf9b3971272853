package dev.vramcast.cli.command;

import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.answers.prices.PricesOperation;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast prices}: what GPUs cost by the hour, and how old those prices are. */
public final class PricesCommand implements Command {

  private static final PricesOperation OPERATION = new PricesOperation();

  private static final String ALL = "--all";
  private static final String EXPLAIN = "--explain";
  private static final String WRITE = "--write";

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
    spec.addOption(
        Options.flag(EXPLAIN, "Show where each price comes from, and each row left out."));
    spec.addOption(Options.text(WRITE, "FILE", "Write the offers as a list of your own, in CSV."));
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  vramcast prices h100:8",
            "  vramcast prices 24GB.. --spot --provider aws,gcp",
            "  vramcast prices --list catalogs/v8/aws/vms.csv --as-of 2026-11-20 --write aws.csv");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<OutputFile> target = Options.value(arguments, WRITE).map(OutputFile::of);
    PricesReport report = OPERATION.answer(CatalogueArguments.call(arguments, console));
    target.ifPresent(file -> file.write(PriceCsv.of(report.offers())));
    boolean all = arguments.hasMatchedOption(ALL);
    boolean explain = arguments.hasMatchedOption(EXPLAIN);
    return format.print(
        report, () -> PricesTable.lines(report, console.terminal(), all, explain), console);
  }
}
