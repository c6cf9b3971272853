package dev.vramcast.sweep;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.sweep.product.Place;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.product.Rent;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The rows of a product, each thing computed when the first row needs it. Of one thread. */
public final class ProductRows {

  /** A thing that rows share, or why there is none. */
  private record Shared<T>(T thing, RuntimeException failure) {

    interface Maker<T> {
      T make();
    }

    static <T> Shared<T> of(Maker<T> maker) {
      try {
        return new Shared<>(maker.make(), null);
      } catch (RuntimeException e) {
        return new Shared<>(null, e);
      }
    }
  }

  private final Product product;
  private final RowEstimator estimator;
  private final List<Map<JobKey, Double>> data;

  private JobDocument document;
  private final Map<Integer, Shared<JobEstimate>> byCount = new HashMap<>();
  private Place place;
  private Shared<JobEstimate> job;
  private Shared<CardEstimate> card;
  private RunCells[] runs;

  public ProductRows(Product product, RowEstimator estimator) {
    this.product = product;
    this.estimator = estimator;
    this.data =
        IntStream.range(0, product.dataSets())
            .mapToObj(product::dataSet)
            .map(RowEstimator::numbers)
            .toList();
  }

  /**
   * Delivers some of the rows.
   *
   * @param from the first, counted from 0
   * @param to behind the last
   */
  public void deliver(long from, long to, RowSink sink) throws IOException {
    long rowsOfJob = product.rowsOfJob();
    long index = from;
    while (index < to) {
      begin(index / rowsOfJob);
      long end = Math.min(to, (index / rowsOfJob + 1) * rowsOfJob);
      deliverJob(index % rowsOfJob, index % rowsOfJob + end - index, sink);
      index = end;
    }
  }

  private void begin(long number) {
    document = product.job(number);
    byCount.clear();
    place = null;
  }

  private void deliverJob(long from, long to, RowSink sink) throws IOException {
    for (long index = from; index < to; index++) {
      enter((int) (index / data.size()));
      sink.row(row((int) (index % data.size())));
    }
  }

  /** Goes to a place; offers of the same machine share the card. */
  private void enter(int number) {
    Place next =
        product.places().isEmpty()
            ? new Place(null, OptionalInt.empty(), Optional.empty())
            : product.places().get(number);
    if (next == place) {
      return;
    }
    boolean sameCard =
        place != null && next.gpu() == place.gpu() && next.count().equals(place.count());
    place = next;
    if (sameCard) {
      return;
    }
    job = byCount.computeIfAbsent(next.count().orElse(0), this::settled);
    JobEstimate known = job.thing();
    card =
        known == null
            ? new Shared<>(null, job.failure())
            : Shared.of(() -> known.on(Optional.ofNullable(next.gpu())));
    runs = new RunCells[data.size()];
  }

  private Shared<JobEstimate> settled(int count) {
    return Shared.of(() -> estimator.settle(counted(count)));
  }

  private JobDocument counted(int count) {
    return count == 0 ? document : document.with(JobKey.GPU_COUNT, count, "offers");
  }

  private SweepResult row(int dataSet) {
    estimator.counters().row();
    Optional<Rent> rent = rent();
    if (card.thing() == null) {
      return RowEstimator.failed(failedCells(), rent, card.failure());
    }
    RunCells run = runs[dataSet];
    if (run == null) {
      run = card.thing().over(job.thing().data(data.get(dataSet)));
      runs[dataSet] = run;
    }
    return run.at(rent);
  }

  private Object[] failedCells() {
    Object[] cells =
        job.thing() == null
            ? SettingCells.unsettled(counted(place.count().orElse(0)))
            : job.thing().cells();
    if (place.gpu() != null) {
      SettingCells.set(cells, Column.GPU, place.gpu().name());
    }
    return cells;
  }

  private Optional<Rent> rent() {
    Gpu gpu = place.gpu();
    if (place.rent().isPresent() || gpu == null || job.thing() == null) {
      return place.rent();
    }
    return estimator.cheapest(gpu, job.thing().job().parallelism().gpus());
  }
}
