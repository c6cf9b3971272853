package dev.vramcast.spark;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.run.Sweep;
import dev.vramcast.sweep.spec.SpecReader;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What {@code vramcast sweep} writes. */
record LocalSweep(SparkSession spark, Path folder) {

  private static final int THREADS = 2;

  /** The table of a spec, in its order. */
  List<Row> ofSpec(Path spec) throws IOException {
    Product product = SpecReader.read(spec).product();
    return run(
        new Sweep(
            Sweep.of(product, "test"),
            () ->
                new RowEstimator(
                    Map.of(),
                    product.market(),
                    product.purchase(),
                    GpuCatalog.embedded(),
                    Network.FORBIDDEN),
            THREADS));
  }

  /** The table of jobs, in the order of their only file. */
  List<Row> ofJobs(Path jobs) throws IOException {
    return run(
        new Sweep(
            Sweep.of(only(jobs), TableFormat.PARQUET, "test"),
            () -> RowEstimator.open(RowSettings.usual()),
            THREADS));
  }

  private List<Row> run(Sweep sweep) throws IOException {
    Path lines = folder.resolve("local.jsonl");
    try (OutputStream out = Files.newOutputStream(lines)) {
      sweep.to(out, TableFormat.JSONL, (done, now, all, seconds) -> {});
    }
    return spark.read().schema(VramcastSpark.schema()).json(lines.toString()).collectAsList();
  }

  private static Path only(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }
}
