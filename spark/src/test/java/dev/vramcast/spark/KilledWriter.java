package dev.vramcast.spark;

import dev.vramcast.spark.cluster.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A process that writes a table over what is there. It is killed as by {@code kill -9} at one of
 * its changes, or copies its folder before each: what a process has changed outlives it, and
 * nothing else does, so that one process shows what every kill would leave.
 */
final class KilledWriter {

  private static final int KILLED = 137;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private KilledWriter() {}

  /** Whether it was killed at the step, and did not end by itself before. */
  static boolean ends(Path table, int step, Path log) {
    return run(table, step, log, "-D" + EndingFileSystem.KILLS + "=true") == KILLED;
  }

  /** Lets it come to its end, with a copy of the table's folder as each step finds it. */
  static void copies(Path table, Path copies, Path log) {
    run(table, Integer.MAX_VALUE - 1, log, "-D" + EndingFileSystem.COPIES + "=" + copies);
  }

  private static int run(Path table, int step, Path log, String property) {
    List<String> arguments = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    arguments.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    arguments.add(property);
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of(KilledWriter.class.getName(), table.toString(), "" + step));
    try (Jvm process = Jvm.start(log, Map.of(), arguments)) {
      int code = process.exitCode(LIMIT);
      if (code != 0 && code != KILLED) {
        throw new IllegalStateException("exit code " + code + "\n" + process.tail());
      }
      return code;
    }
  }

  static Dataset<Row> rows(SparkSession spark, String name) {
    return spark.range(2).selectExpr("'" + name + "' AS name").coalesce(1);
  }

  /** Writes the table that is named over what is there, until a step. */
  public static void main(String[] args) throws IOException {
    SparkSession spark = Local.session();
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    EndingFileSystem.serve(configuration);
    Dataset<Row> rows = rows(spark, "fresh");
    EndingFileSystem.endAfter(Integer.parseInt(args[1]), java.nio.file.Path.of(args[0]));
    new Storage(configuration).table(args[0]).write(rows, true);
    EndingFileSystem.hasEnded();
    spark.stop();
  }
}
