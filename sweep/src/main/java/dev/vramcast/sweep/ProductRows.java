package dev.vramcast.sweep;

import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.sweep.product.CardPlace;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.product.RentalPrice;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rows of a product, each thing computed when the first row needs it. Of one thread. */
public final class ProductRows {

  /** A thing that rows share; where there is none, the failure says why. */
  private record Shared<T>(Optional<T> thing, Optional<RuntimeException> failure) {

    static <T> Shared<T> of(Supplier<T> maker) {
      try {
        return new Shared<>(Optional.of(maker.get()), Optional.empty());
      } catch (RuntimeException e) {
        return new Shared<>(Optional.empty(), Optional.of(e));
      }
    }

    Stream<T> known() {
      return thing.stream();
    }

    /** What is made of it; the same failure where there is none. */
    <U> Shared<U> then(Function<T, U> next) {
      return thing
          .map(known -> Shared.of(() -> next.apply(known)))
          .orElseGet(() -> new Shared<>(Optional.empty(), failure));
    }
  }

  /** The job on a machine, with its run over each set of data, which offers of it share. */
  private record OnMachine(
      Optional<Gpu> gpu,
      OptionalInt count,
      Shared<JobEstimate> job,
      Shared<CardEstimate> card,
      RunCells[] runs) {

    boolean isAt(Optional<CardPlace> place) {
      return gpu.equals(place.map(CardPlace::gpu)) && count.equals(countAt(place));
    }
  }

  /** All that decides how a job is settled. */
  private record Kind(int count, Optional<Abilities> abilities) {}

  private final Product product;
  private final RowEstimator estimator;
  private final List<Map<JobKey, Double>> data;

  /** Where each job is to run; one without a place where the jobs say it themselves. */
  private final List<Optional<CardPlace>> places;

  public ProductRows(Product product, RowEstimator estimator) {
    this.product = product;
    this.estimator = estimator;
    this.data =
        IntStream.range(0, product.dataSets())
            .mapToObj(product::dataSet)
            .map(RowEstimator::numbers)
            .toList();
    this.places =
        product.places().isEmpty()
            ? List.of(Optional.empty())
            : product.places().stream().map(Optional::of).toList();
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
      JobDocument document = product.job(index / rowsOfJob);
      long end = Math.min(to, (index / rowsOfJob + 1) * rowsOfJob);
      deliverJob(document, index % rowsOfJob, index % rowsOfJob + end - index, sink);
      index = end;
    }
  }

  private void deliverJob(JobDocument document, long from, long to, RowSink sink)
      throws IOException {
    Map<Kind, Shared<JobEstimate>> jobs = new HashMap<>();
    OnMachine machine = null;
    for (long index = from; index < to; index++) {
      Optional<CardPlace> place = places.get((int) (index / data.size()));
      if (machine == null || !machine.isAt(place)) {
        machine = machine(document, place, jobs);
      }
      sink.row(row(document, machine, place, (int) (index % data.size())));
    }
  }

  private OnMachine machine(
      JobDocument document, Optional<CardPlace> place, Map<Kind, Shared<JobEstimate>> jobs) {
    OptionalInt count = countAt(place);
    Optional<Gpu> gpu = place.map(CardPlace::gpu);
    Kind kind = new Kind(count.orElse(0), gpu.map(Gpu::abilities));
    Shared<JobEstimate> job = jobs.get(kind);
    if (job == null) {
      JobDocument counted = counted(document, kind.count());
      job =
          Shared.of(() -> counted.locating(() -> estimator.settle(counted, gpu)))
              .then(one -> one.orSame(jobs.values().stream().flatMap(Shared::known)));
      jobs.put(kind, job);
    }
    Shared<CardEstimate> card = job.then(known -> known.on(gpu));
    return new OnMachine(gpu, count, job, card, new RunCells[data.size()]);
  }

  private static OptionalInt countAt(Optional<CardPlace> place) {
    return place.map(CardPlace::count).orElse(OptionalInt.empty());
  }

  private static JobDocument counted(JobDocument document, int count) {
    return count == 0
        ? document
        : document.with(JobKey.GPU_COUNT, count, new Place.Chosen("offers"));
  }

  private SweepResult row(
      JobDocument document, OnMachine machine, Optional<CardPlace> place, int dataSet) {
    estimator.counters().row();
    Optional<RentalPrice> rent = rent(machine, place);
    if (machine.card().thing().isEmpty()) {
      return RowEstimator.failed(
          failedCells(document, machine), rent, machine.card().failure().orElseThrow());
    }
    RunCells run = machine.runs()[dataSet];
    if (run == null) {
      JobEstimate job = machine.job().thing().orElseThrow();
      run = machine.card().thing().get().over(job.data(data.get(dataSet)));
      machine.runs()[dataSet] = run;
    }
    return run.at(rent);
  }

  private static Object[] failedCells(JobDocument document, OnMachine machine) {
    Object[] cells =
        machine
            .job()
            .thing()
            .map(JobEstimate::cells)
            .orElseGet(() -> SettingCells.unsettled(counted(document, machine.count().orElse(0))));
    machine.gpu().ifPresent(gpu -> SettingCells.set(cells, Column.GPU, gpu.name()));
    return cells;
  }

  private Optional<RentalPrice> rent(OnMachine machine, Optional<CardPlace> place) {
    Optional<RentalPrice> offered = place.flatMap(CardPlace::rent);
    if (offered.isPresent() || machine.gpu().isEmpty()) {
      return offered;
    }
    return machine
        .job()
        .thing()
        .flatMap(job -> estimator.cheapest(machine.gpu().get(), job.job().parallelism().gpus()));
  }
}
