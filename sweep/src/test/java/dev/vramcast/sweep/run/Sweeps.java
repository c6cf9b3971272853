package dev.vramcast.sweep.run;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.spec.SpecReader;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** Small sweeps, and a process that runs one until it is killed. */
final class Sweeps {

  static final Progress SILENT = (done, now, all, seconds) -> {};

  /** 2 x 2 jobs on all cards, the parts of which take a while. */
  private static final String SPEC =
      """
      models: [gpt2, qwen2.5-0.5b]
      gpus: all
      method: [full, lora]
      batch: {sequence_length: {from: 512, to: 2048, step: 512}}
      """;

  private Sweeps() {}

  static Sweep small(int threads) {
    return of(SPEC, threads, 53);
  }

  static Sweep of(String spec, int threads, long rowsOfPart) {
    Product product = SpecReader.read(spec, "sweep.yaml").product();
    return new Sweep(
        Sweep.of(product, "test"),
        () ->
            new RowEstimator(
                Map.of(),
                product.market(),
                product.purchase(),
                GpuCatalog.embedded(),
                Network.FORBIDDEN),
        threads,
        rowsOfPart,
        Disk.real(),
        Column.all());
  }

  /** The same sweep, whose identity, which takes longer than a few rows, is computed now. */
  static Sweep identifiedOnce(Sweep sweep) {
    Sweep.Input input = new Identified(sweep.input(), identity(sweep));
    return new Sweep(
        input, sweep.estimators(), sweep.threads(), sweep.rowsOfPart(), sweep.disk(), Column.all());
  }

  /** The same sweep on another disk. */
  static Sweep on(Disk disk, Sweep sweep) {
    return new Sweep(
        sweep.input(),
        sweep.estimators(),
        sweep.threads(),
        sweep.rowsOfPart(),
        disk,
        sweep.columns());
  }

  private static String identity(Sweep sweep) {
    try {
      return sweep.input().identity();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Identified(Sweep.Input input, String identity) implements Sweep.Input {
    @Override
    public Parts parts(long rows) throws IOException {
      return input.parts(rows);
    }
  }

  static Sweep rows(Path file, TableFormat format) throws IOException {
    return new Sweep(
        Sweep.of(file, format, "test"), () -> RowEstimator.open(RowSettings.usual()), 2);
  }

  /** Sweeps into the folder that is named. */
  public static void main(String[] args) throws IOException {
    small(2).toFolder(Path.of(args[0]), TableFormat.CSV, SILENT);
  }
}
