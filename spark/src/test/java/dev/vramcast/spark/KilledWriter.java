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

/** A process that writes a table, and is killed as by {@code kill -9} at one of its changes. */
final class KilledWriter {

  private static final int KILLED = 137;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private KilledWriter() {}

  /** Whether it was killed at the step, and did not end by itself before. */
  static boolean ends(Path table, int step, Path log) {
    List<String> arguments = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    arguments.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    arguments.add("-D" + EndingFileSystem.KILLS + "=true");
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of(KilledWriter.class.getName(), table.toString(), "" + step));
    try (Jvm process = Jvm.start(log, Map.of(), arguments)) {
      int code = process.exitCode(LIMIT);
      if (code != 0 && code != KILLED) {
        throw new IllegalStateException("exit code " + code + "\n" + process.tail());
      }
      return code == KILLED;
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
    EndingFileSystem.endAfter(Integer.parseInt(args[1]));
    new Storage(configuration).table(args[0]).write(rows, true);
    EndingFileSystem.hasEnded();
    spark.stop();
  }
}
