package dev.vramcast.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.spark.cluster.EventLog;
import dev.vramcast.spark.cluster.Jvm;
import dev.vramcast.spark.cluster.SparkHome;
import dev.vramcast.spark.cluster.StandaloneCluster;
import dev.vramcast.sweep.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application in processes of its own, held against a sweep in this one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterIT {

  private static final int PARTITIONS = 12;
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Path JAR = Path.of(System.getProperty("vramcast.spark.jar"));
  private static final String STARTED =
      "Starting task \\S+ in stage \\S+ \\(TID \\d+\\) \\(\\S+,executor %s,";

  private static final Map<String, String> MEMORY = Map.of("spark.executor.memory", "768m");
  private static final String SPEC =
      """
      models: [gpt2, qwen2.5-0.5b, llama-3.1-8b]
      method: [full, lora, qlora]
      batch: {sequence_length: [512, 2048]}
      gpus: [l4, rtx-3090, rtx-4090, rtx-5090, a100-80gb-sxm, h100-sxm]
      hardware: {count: [1, 2]}
      parallelism: {strategy: [ddp, fsdp2]}
      data: {tokens: [1e6, 2e6, 3e6, 4e6, 5e6, 1e9, 2e9, 3e9, 4e9, 5e9], epochs: [1, 2, 3, 4]}
      """;

  private static Path folder;
  private static SparkHome home;
  private static SparkSession spark;

  @BeforeAll
  static void open() throws IOException {
    Path all = Files.createDirectories(Path.of("target/cluster").toAbsolutePath());
    folder = Files.createTempDirectory(all, "run");
    home = SparkHome.create(folder.resolve("home"), JAR);
    spark = Local.session();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @Test
  void a_worker_killed_in_the_middle_changes_no_row() throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path in = folder.resolve("jobs.parquet");
    Path out = folder.resolve("table.parquet");
    Jobs.distinct(spark, 720).write().parquet(in.toString());

    String partitions = String.valueOf(PARTITIONS);
    List<String> application =
        application("--in", in.toString(), "--out", out.toString(), "--partitions", partitions);
    try (StandaloneCluster cluster = new StandaloneCluster(home, folder, 2);
        Jvm driver = home.submit(log("driver"), cluster.url(), conf(events), application)) {
      Jvm victim = cluster.workers().get(1);
      awaitTheMiddle(driver, cluster.executor(victim), out);
      victim.kill();
      assertThat(committed(out)).isLessThan(PARTITIONS);
      assertThat(driver.exitCode(LIMIT)).as(driver::tail).isZero();
      assertThat(cluster.workers()).extracting(Jvm::isAlive).containsExactly(true, false);
    }

    EventLog log = EventLog.read(events);
    assertThat(log.executorsWithFinishedTasks()).hasSize(2);
    assertThat(log.removals()).hasSize(1);
    assertThat(log.tasksLost()).isPositive();
    assertThat(sorted(read(out)))
        .containsExactlyElementsOf(sorted(new LocalSweep(spark, folder).ofJobs(in)));
  }

  @Test
  void a_spec_gives_the_table_of_a_local_sweep_in_its_order() throws IOException {
    Path at = Files.createDirectories(folder.resolve("spec"));
    Path spec = Files.writeString(at.resolve("sweep.yaml"), SPEC);
    Path out = at.resolve("table.parquet");
    List<String> application = application("--spec", spec.toString(), "--out", out.toString());
    try (StandaloneCluster cluster = new StandaloneCluster(home, at, 1);
        Jvm driver = home.submit(at.resolve("driver.log"), cluster.url(), MEMORY, application)) {
      assertThat(driver.exitCode(LIMIT)).as(driver::tail).isZero();
      assertThat(driver.text())
          .containsPattern("vramcast-spark: 17,280 rows, [\\d,]+ with an error,");
    }

    List<Path> parts = parts(out);
    assertThat(parts).hasSizeGreaterThan(2);
    List<Row> rows = parts.stream().flatMap(part -> read(part).stream()).toList();
    assertThat(rows).containsExactlyElementsOf(new LocalSweep(spark, at).ofSpec(spec));
  }

  @Test
  void what_cannot_be_used_ends_with_exit_code_2_and_one_line() {
    List<String> application = application("--in", "there-is-no-such-file", "--out", "out");
    try (Jvm driver = home.submit(log("refused"), "local", Map.of(), application)) {
      assertThat(driver.exitCode(LIMIT)).as(driver::tail).isEqualTo(2);
      assertThat(driver.text())
          .contains("vramcast-spark: --in: no such file or folder: there-is-no-such-file\n")
          .doesNotContain("\tat ");
    }
  }

  /** With prices of any age, as the day on which a test runs changes no table. */
  private static List<String> application(String... arguments) {
    return Stream.of(
            Stream.of("--class", SweepJob.class.getName(), JAR.toString()),
            Stream.of(arguments),
            Stream.of("--max-price-age", "any"))
        .flatMap(words -> words)
        .toList();
  }

  private static Map<String, String> conf(Path events) {
    Map<String, String> conf = new HashMap<>(MEMORY);
    conf.putAll(EventLog.conf(events));
    return conf;
  }

  private static Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** Returns when some partitions are done and the executor has just begun another. */
  private static void awaitTheMiddle(Jvm driver, String executor, Path out) {
    driver.await(() -> committed(out) >= 3, "3 partitions in " + out, LIMIT);
    Pattern started = Pattern.compile(STARTED.formatted(executor));
    driver.awaitAfter(driver.text().length(), started, LIMIT);
  }

  /** How many partitions have their rows in place, which become visible together at the end. */
  private static int committed(Path out) {
    Path tasks = out.resolveSibling("." + out.getFileName() + ".new/_temporary/0");
    String[] names = tasks.toFile().list((at, name) -> name.startsWith("task_"));
    return names == null ? 0 : names.length;
  }

  private static List<Row> read(Path table) {
    return spark.read().parquet(table.toString()).collectAsList();
  }

  private static List<Path> parts(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  /** Rows as texts, whose messages call a job by its row, and not by the path of its file. */
  private static List<String> sorted(List<Row> rows) {
    return rows.stream().map(ClusterIT::text).sorted().toList();
  }

  private static String text(Row row) {
    String error = row.getAs(Column.ERROR.label());
    String known = error == null ? "" : error.replaceFirst("^\\S+\\.parquet(?: row |:)", "");
    return row.mkString("|").replace("|" + error, "|" + known);
  }
}
