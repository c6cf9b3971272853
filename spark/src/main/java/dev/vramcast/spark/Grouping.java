package dev.vramcast.spark;

import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Brings jobs with settings in common together, which share one estimate. */
final class Grouping {

  /** What no estimate of memory depends on. */
  private static final Set<String> LAST =
      Set.of(
          JobKey.GPU.path(),
          JobKey.TOKENS.path(),
          JobKey.EXAMPLES.path(),
          JobKey.TOKENS_PER_EXAMPLE.path(),
          JobKey.EPOCHS.path());

  private Grouping() {}

  /** The rows in so many partitions, of about the same size, sorted by settings, then by GPU. */
  static Dataset<Row> into(int partitions, Dataset<Row> jobs) {
    Set<String> settings =
        Arrays.stream(JobKey.values())
            .flatMap(key -> Stream.of(key.path(), key.path().replaceFirst("\\..*", "")))
            .filter(name -> !LAST.contains(name))
            .collect(Collectors.toSet());
    List<String> names = new ArrayList<>(List.of(jobs.columns()));
    names.removeIf(name -> !settings.contains(name));
    names.addAll(Stream.of(jobs.columns()).filter(LAST::contains).toList());
    names.add(VramcastSpark.ORIGIN);
    Column[] order = names.stream().map(name -> jobs.col('`' + name + '`')).toArray(Column[]::new);
    return jobs.repartitionByRange(partitions, order).sortWithinPartitions(order);
  }
}
