package dev.vramcast.cli.command;

import dev.vramcast.answers.Version;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ConsoleStream;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.cli.option.Paths;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.Presence;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.run.Summary;
import dev.vramcast.sweep.run.Sweep;
import dev.vramcast.sweep.spec.SpecReader;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast sweep}: whole tables of estimates. */
public final class SweepCommand implements Command {

  private static final String OUT = "--out";
  private static final String FORMAT = "--format";
  private static final String COLUMNS = "--columns";
  private static final String YES = "--yes";
  private static final String THREADS = "--threads";
  private static final String OFFLINE = "--offline";
  private static final String MAX_PRICE_AGE = AgeLimit.OPTION;

  /** Rows beyond which a product is more likely a slip than a wish. */
  private static final long MOST_ROWS = 10_000_000;

  private static final int MOST_THREADS = 256;

  @Override
  public String name() {
    return "sweep";
  }

  @Override
  public String summary() {
    return "Estimate all combinations of a spec, or each row of a table, as CSV, JSONL or Parquet.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.words(
            "SPEC|ROWS",
            "A job document whose values may be lists and ranges; or a table of jobs, .jsonl, .csv"
                + " or .parquet."));
    spec.addOption(
        Options.text(
            OUT,
            "FILE|FOLDER",
            "A file by its ending, or a folder of parts; run again to go on. Default: stdout."));
    spec.addOption(
        Options.text(
            FORMAT, "FORMAT", "Of stdout or a folder: csv, jsonl, parquet. Default: csv."));
    spec.addOption(
        Options.text(
            COLUMNS,
            "NAME,...",
            "Columns of the table, in their order; without reserved_bytes and device_bytes it takes"
                + " less time. Default: all."));
    Overwrite.addTo(spec);
    spec.addOption(Options.flag(YES, "Go on with more than 10 million combinations."));
    spec.addOption(Options.text(THREADS, "COUNT", "Threads that estimate. Default: all cores."));
    spec.addOption(
        Options.text(
            MAX_PRICE_AGE,
            "DAYS",
            "Prices that were asked for at most so many days ago, or any. Default: 120; where a"
                + " card has none, its youngest."));
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 answered, 2 no row was answered, or bad input.",
            "",
            "Examples:",
            "  vramcast sweep sweep.yaml --out table.parquet",
            "  vramcast sweep sweep.yaml --columns model,gpu,verdict",
            "  vramcast sweep sweep.yaml --out parts/ --format parquet --yes",
            "  vramcast sweep jobs.jsonl > answers.csv");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    List<String> given = Options.words(arguments);
    if (given.size() != 1) {
      InputError error =
          given.isEmpty()
              ? InputError.of("nothing to sweep")
                  .kind(ErrorKind.MISSING)
                  .hint("give a spec or a table")
              : InputError.of("one spec or table is swept at a time, given: ", given.size());
      throw error.refusal();
    }
    try {
      return run(Paths.of(given.get(0)), arguments, console);
    } catch (IOException e) {
      if (isClosedPipe(e)) {
        return ExitCode.CLOSED_PIPE;
      }
      throw failure(e, Options.value(arguments, OUT));
    }
  }

  private static int run(Path input, ParseResult arguments, Console console) throws IOException {
    int threads = threads(arguments);
    Network network = arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED;
    Optional<TableFormat> rows = TableFormat.ofFile(input.toString());
    List<Column> columns =
        Options.value(arguments, COLUMNS)
            .map(names -> Column.list(names, new Subject.Flag(COLUMNS)))
            .orElse(Column.all());
    Optional<AgeLimit> limit = Options.value(arguments, MAX_PRICE_AGE).map(AgeLimit::parse);
    LocalDate today = console.surroundings().today();
    KeptPrices kept = KeptPrices.of(console.surroundings().variables());
    Sweep all =
        rows.isPresent()
            ? new Sweep(
                Sweep.of(input, rows.get(), Version.current()),
                estimators(market(kept, limit, today), Purchase.ON_DEMAND, network),
                threads)
            : product(
                SpecReader.read(input).product(kept, limit, today), arguments, network, threads);
    Sweep sweep = all.with(columns);
    Optional<String> out = Options.value(arguments, OUT);
    Optional<TableFormat> format =
        Options.value(arguments, FORMAT)
            .map(label -> TableFormat.of(label, new Subject.Flag(FORMAT)));
    if (out.isEmpty()) {
      return toStandardOutput(sweep, format.orElse(TableFormat.CSV), console);
    }
    SweepProgress progress = new SweepProgress(console);
    OutputFile.checkFolder(Paths.of(out.get()));
    keep(Paths.of(out.get()), Overwrite.of(arguments));
    Summary done;
    try {
      done = to(Paths.of(out.get()), format, sweep, progress);
    } finally {
      progress.end();
    }
    console.print(SweepReport.lines(done, Shown.oneLine(out.get())));
    return code(done);
  }

  /** Where parts lie beside it, the file is one that an unfinished sweep is about to replace. */
  private static void keep(Path out, Overwrite overwrite) {
    if (Presence.isFile(out) && TableFormat.ofFile(out.toString()).isEmpty()) {
      throw InputError.of("a file of that name is there")
          .kind(ErrorKind.EXISTS)
          .at(Place.of(out.toString()))
          .hint("a name that ends in no table's format, such as .csv, is one of a folder")
          .refusal();
    }
    if (isFileOrLink(out) && !Files.isDirectory(Sweep.partsOf(out))) {
      overwrite.check(out);
    }
  }

  /** A link to nothing counts as what would be replaced. */
  private static boolean isFileOrLink(Path out) {
    return Presence.isFile(out)
        || Presence.isThere(out, LinkOption.NOFOLLOW_LINKS) && !Presence.isThere(out);
  }

  private static Summary to(
      Path out, Optional<TableFormat> format, Sweep sweep, SweepProgress progress)
      throws IOException {
    Optional<TableFormat> byName = TableFormat.ofFile(out.toString());
    if (byName.isEmpty() || Files.isDirectory(out)) {
      return sweep.toFolder(out, format.orElse(TableFormat.CSV), progress);
    }
    if (format.isPresent() && !format.equals(byName)) {
      throw InputError.about(Subject.option(FORMAT))
          .isSet(format.get().label())
          .but(Shown.given(out.toString()), " ends in .", byName.get().label())
          .refusal();
    }
    return sweep.toFile(out, byName.get(), progress);
  }

  private static int toStandardOutput(Sweep sweep, TableFormat format, Console console)
      throws IOException {
    if (format == TableFormat.PARQUET) {
      throw InputError.of("Parquet is no text")
          .kind(ErrorKind.MISSING)
          .hint("give ", OUT, " FILE.parquet")
          .refusal();
    }
    Summary done = sweep.to(new ConsoleStream(console), format, (rows, now, all, seconds) -> {});
    SweepReport.lines(done, "").forEach(line -> console.err().print(line + "\n"));
    return code(done);
  }

  private static int code(Summary done) {
    return done.answersNone() ? ExitCode.BAD_INPUT : ExitCode.OK;
  }

  private static Sweep product(
      Product product, ParseResult arguments, Network network, int threads) {
    long rows = product.rows();
    boolean countable = rows < Long.MAX_VALUE;
    if (rows > MOST_ROWS && !(arguments.hasMatchedOption(YES) && countable)) {
      throw InputError.of(
              "the spec has ",
              countable ? "%,d".formatted(rows) : "more than 9 quintillion",
              " combinations")
          .allowed("up to %,d".formatted(MOST_ROWS), countable ? " without " + YES : "")
          .refusal();
    }
    return new Sweep(
        Sweep.of(product, Version.current()),
        estimators(product.market(), product.purchase(), network),
        threads);
  }

  private static Supplier<RowEstimator> estimators(
      List<Offer> offers, Purchase purchase, Network network) {
    return () -> new RowEstimator(Map.of(), offers, purchase, GpuCatalog.embedded(), network);
  }

  private static List<Offer> market(KeptPrices kept, Optional<AgeLimit> limit, LocalDate today) {
    List<Offer> all =
        kept.usual().stream().flatMap(prices -> prices.list().offers().stream()).toList();
    return limit.orElse(AgeLimit.USUAL).ofEachMachine(all, today);
  }

  private static int threads(ParseResult arguments) {
    Optional<String> text = Options.value(arguments, THREADS);
    if (text.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    int count = text.get().matches("\\d{1,3}") ? Integer.parseInt(text.get()) : 0;
    if (count < 1 || count > MOST_THREADS) {
      throw InputError.about(Subject.option(THREADS))
          .is(text.get())
          .allowed("a whole number from 1 to ", MOST_THREADS)
          .refusal();
    }
    return count;
  }

  /** What stood in the way, and that nothing finished is lost. */
  private static InputException failure(IOException e, Optional<String> out) {
    String what = Disk.reason(e);
    return out.isEmpty()
        ? InputError.of(what).kind(ErrorKind.UNREADABLE).at(Place.of("standard output")).refusal(e)
        : InputError.of("cannot be written: ", what)
            .kind(ErrorKind.UNREADABLE)
            .at(Place.of(out.get()))
            .hint("finished parts are kept, the same command goes on")
            .refusal(e);
  }

  private static boolean isClosedPipe(IOException e) {
    return "Broken pipe".equals(e.getMessage());
  }
}
