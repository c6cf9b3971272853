package dev.vramcast.bench;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.sweep.ProductRows;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.spec.SpecReader;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Rows of a sweep on two threads, without output; all of a job's rows, over and over. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Threads(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class SweepBenchmark {

  /**
   * Rows that are asked for in one go: those of one job and more, so that each writes its traces.
   */
  private static final int ROWS = 10_000;

  /** What rows differ in beside the settings, which decides how much they share. */
  public enum Shape {
    /** The cards of the catalogue. */
    CARDS("gpus: all\n"),
    /** All offers of one GPU, to rent in both ways, and ten amounts of data. */
    OFFERS_AND_DATA(
        "offers: {purchase: [on-demand, spot]}\n"
            + "hardware: {count: 1}\n"
            + "data: {tokens: {from: 1e6, to: 1e7, step: 1e6}}\n");

    private final String spec;

    Shape(String spec) {
      this.spec = spec;
    }
  }

  @Param public Shape shape;

  private ProductRows rows;
  private long from;
  private long all;

  /** A product without an end, as the sequences get longer and longer. */
  @Setup
  public void prepare() {
    String spec =
        "model: {id: llama-3.1-8b}\nmethod: [qlora, lora, full]\ncheckpointing: [full, none]\n"
            + "batch: {sequence_length: {from: 1000, to: 8000, step: 10}}\n"
            + shape.spec;
    Product product = SpecReader.read(spec, "sweep.yaml").product();
    all = product.rows();
    rows =
        new ProductRows(
            product,
            new RowEstimator(
                Map.of(),
                product.market(),
                product.purchase(),
                GpuCatalog.embedded(),
                Network.FORBIDDEN));
  }

  /** Rows, one an operation. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void rows(Blackhole hole) throws IOException {
    from = from + ROWS > all ? 0 : from;
    rows.deliver(from, from + ROWS, hole::consume);
    from += ROWS;
  }
}
