package dev.vramcast.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.spark.JobArguments.Flag;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.PriceAge;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.RowSettings.PriceText;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The application for {@code spark-submit}: a table of jobs in, a table of figures out. */
public final class SweepJob {

  private static final int USAGE_ERROR = 2;

  /** Rows beyond which a spec is more likely a slip than a wish, on a cluster. */
  private static final long MOST_ROWS = 1_000_000_000;

  private final SparkSession spark;
  private final JobArguments arguments;
  private final Storage storage;

  private SweepJob(SparkSession spark, JobArguments arguments) {
    this.spark = spark;
    this.arguments = arguments;
    this.storage = new Storage(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Runs the application.
   *
   * @param arguments {@link JobArguments#USAGE}
   * @throws SparkUserAppException with what becomes the exit code, 2, when something given cannot
   *     be used; the reason is on standard error
   */
  public static void main(String[] arguments) throws SparkUserAppException {
    try {
      JobArguments parsed = JobArguments.parse(arguments);
      SparkSession spark =
          SparkSession.builder()
              .appName("vramcast sweep")
              .config(VramcastSpark.HUGE_METHOD, VramcastSpark.COMPILED)
              .getOrCreate();
      try {
        new SweepJob(spark, parsed).run();
      } finally {
        spark.stop();
      }
    } catch (InputException e) {
      System.err.println("vramcast-spark: " + e.error().line(Words.DOCUMENT));
      throw new SparkUserAppException(USAGE_ERROR, null);
    }
  }

  private void run() {
    String out = arguments.value(Flag.OUT);
    boolean overwrite = arguments.has(Flag.OVERWRITE);
    WholeTable target = storage.table(out);
    if (!overwrite && storage.exists(out)) {
      throw InputError.about(Subject.option("--out"))
          .kind(ErrorKind.EXISTS)
          .and(" ", Shown.oneLine(out), " is there")
          .hint("give --overwrite")
          .refusal();
    }
    Dataset<Row> table = arguments.has(Flag.SPEC) ? product() : estimates();
    long start = System.nanoTime();
    write(target, table, overwrite);
    report(spark.read().parquet(out), (System.nanoTime() - start) / 1e9);
  }

  private static void write(WholeTable target, Dataset<Row> table, boolean overwrite) {
    try {
      target.write(table, overwrite);
    } catch (IOException e) {
      throw InputError.about(Subject.option("--out"))
          .and(" cannot be written: ", Shown.cause(e))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
  }

  /** Says on standard error how much was done, and how fast. */
  private static void report(Dataset<Row> table, double seconds) {
    long rows = table.count();
    long errors = table.filter(col(Column.ERROR.label()).isNotNull()).count();
    System.err.printf(
        Locale.ROOT,
        "vramcast-spark: %,d rows, %,d with an error, %.1f s, %,.0f rows/s%n",
        rows,
        errors,
        seconds,
        rows / seconds);
  }

  private Dataset<Row> product() {
    String place = arguments.value(Flag.SPEC);
    SpecText spec =
        SpecText.of(Storage.name(place), storage.read(place).text(), this::storedPrices, age());
    long rows = spec.product().rows();
    boolean countable = rows < Long.MAX_VALUE;
    if (rows > MOST_ROWS && !(arguments.has(Flag.YES) && countable)) {
      throw InputError.of(
              "has ",
              countable ? "%,d".formatted(rows) : "more than 9 quintillion",
              " combinations")
          .at(Place.of(spec.source()))
          .allowed("up to %,d".formatted(MOST_ROWS), countable ? " without --yes" : "")
          .refusal();
    }
    int slots = spark.sparkContext().defaultParallelism();
    int partitions = arguments.partitions().orElse(RowPartitions.usualPartitions(rows, slots));
    return VramcastSpark.sweep(spark, spec, partitions);
  }

  private Dataset<Row> estimates() {
    Dataset<Row> jobs = jobs();
    Dataset<Row> cut = arguments.partitions().map(n -> Grouping.into(n, jobs)).orElse(jobs);
    return VramcastSpark.estimate(cut, settings());
  }

  /** Rows with the name that a local sweep gives them. */
  private Dataset<Row> jobs() {
    List<String> paths = arguments.all(Flag.IN);
    for (String path : paths) {
      if (!storage.exists(path)) {
        throw InputError.about(Subject.option("--in"))
            .and(": no such file or folder: ", Shown.oneLine(path))
            .kind(ErrorKind.NOT_FOUND)
            .refusal();
      }
    }
    return spark
        .read()
        .parquet(paths.toArray(String[]::new))
        .withColumn(
            VramcastSpark.ORIGIN,
            concat(
                col("_metadata.file_name"), lit(" row "), col("_metadata.row_index").plus(lit(1))));
  }

  private RowSettings settings() {
    List<String> lists = arguments.all(Flag.LIST);
    return new RowSettings(
        (lists.isEmpty() ? List.of(PriceLists.MARKET) : lists).stream().map(this::prices).toList(),
        Map.of(),
        arguments.has(Flag.SPOT) ? Purchase.SPOT : Purchase.ON_DEMAND,
        age());
  }

  /** The day is that of the driver, so that all take the same prices. */
  private PriceAge age() {
    String limit = arguments.all(Flag.MAX_PRICE_AGE).stream().findFirst().orElse("");
    PriceAge age = new PriceAge(limit, LocalDate.now(ZoneOffset.UTC));
    age.stated();
    return age;
  }

  private PriceText prices(String nameOrFile) {
    return PriceLists.names().contains(nameOrFile)
        ? PriceText.embedded(nameOrFile)
        : storedPrices(nameOrFile);
  }

  private PriceText storedPrices(String place) {
    Storage.Text file = storage.read(place);
    return new PriceText(Storage.name(place), file.text(), file.day().toString());
  }
}
