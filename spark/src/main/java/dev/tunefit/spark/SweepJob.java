package dev.tunefit.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import dev.tunefit.catalog.price.PriceLists;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.Shown;
import dev.tunefit.core.market.Purchase;
import dev.tunefit.spark.JobArguments.Flag;
import dev.tunefit.sweep.RowSettings;
import dev.tunefit.sweep.RowSettings.PriceText;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The application for {@code spark-submit}: a table of jobs in, a table of figures out. */
public final class SweepJob {

  private static final int USAGE_ERROR = 2;

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
      SparkSession spark = SparkSession.builder().appName("tunefit sweep").getOrCreate();
      try {
        new SweepJob(spark, parsed).run();
      } finally {
        spark.stop();
      }
    } catch (InputException e) {
      System.err.println("tunefit-spark: " + e.getMessage());
      throw new SparkUserAppException(USAGE_ERROR, null);
    }
  }

  private void run() {
    String out = arguments.value(Flag.OUT);
    boolean overwrite = arguments.has(Flag.OVERWRITE);
    if (!overwrite && storage.exists(out)) {
      throw new InputException("--out " + Shown.oneLine(out) + " is there: give --overwrite");
    }
    TunefitSpark.estimate(jobs(), settings())
        .write()
        .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
        .parquet(out);
  }

  /** Rows with the name that a local sweep gives them. */
  private Dataset<Row> jobs() {
    List<String> paths = arguments.all(Flag.IN);
    for (String path : paths) {
      if (!storage.exists(path)) {
        throw new InputException("--in: no such file or folder: " + Shown.oneLine(path));
      }
    }
    Dataset<Row> jobs =
        spark
            .read()
            .parquet(paths.toArray(String[]::new))
            .withColumn(
                TunefitSpark.ORIGIN,
                concat(
                    col("_metadata.file_name"),
                    lit(" row "),
                    col("_metadata.row_index").plus(lit(1))));
    return arguments.partitions().map(count -> Grouping.into(count, jobs)).orElse(jobs);
  }

  private RowSettings settings() {
    List<String> lists = arguments.all(Flag.LIST);
    return new RowSettings(
        (lists.isEmpty() ? List.of(PriceLists.MARKET) : lists).stream().map(this::prices).toList(),
        Map.of(),
        arguments.has(Flag.SPOT) ? Purchase.SPOT : Purchase.ON_DEMAND);
  }

  private PriceText prices(String nameOrFile) {
    if (PriceLists.names().contains(nameOrFile)) {
      return PriceText.embedded(nameOrFile);
    }
    Storage.Text file = storage.read(nameOrFile);
    return new PriceText(nameOrFile, file.text(), file.day().toString());
  }
}
