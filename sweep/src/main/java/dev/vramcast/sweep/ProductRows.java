package dev.vramcast.sweep;

import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
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

    T orThrow() {
      return thing.orElseThrow(() -> failure.orElseThrow());
    }

    /** What is made of it; the same failure where there is none. */
    <U> Shared<U> then(Function<T, U> next) {
      return thing
          .map(known -> Shared.of(() -> next.apply(known)))
          .orElseGet(() -> new Shared<>(Optional.empty(), failure));
    }
  }

  /**
   * The job on a machine, with its run over each set of data, which offers of it share.
   *
   * @param document the job with the GPUs that it has there, as far as these can be told
   */
  private record OnMachine(
      Optional<CardPlace> place,
      JobDocument document,
      Shared<JobEstimate> job,
      Shared<CardEstimate> card,
      RunCells[] runs) {

    boolean isAt(Optional<CardPlace> other) {
      return other.map(there -> place.filter(there::isLike).isPresent()).orElse(place.isEmpty());
    }

    Optional<Gpu> gpu() {
      return place.map(CardPlace::gpu);
    }
  }

  /** All that decides how a job is settled. */
  private record Kind(
      Optional<Integer> count, Optional<Integer> nodes, Optional<Abilities> abilities) {

    static Kind of(JobDocument counted, Optional<Gpu> gpu) {
      return new Kind(
          counted.value(JobKey.GPU_COUNT, Integer.class),
          counted.value(JobKey.NODES, Integer.class),
          gpu.map(Gpu::abilities));
    }
  }

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
      sink.row(row(machine, place, (int) (index % data.size())));
    }
  }

  private OnMachine machine(
      JobDocument document, Optional<CardPlace> place, Map<Kind, Shared<JobEstimate>> jobs) {
    Optional<Gpu> gpu = place.map(CardPlace::gpu);
    Shared<JobDocument> counted =
        Shared.of(() -> place.map(there -> there.counted(document)).orElse(document));
    Shared<JobEstimate> job = counted.then(one -> settled(one, gpu, jobs));
    Shared<CardEstimate> card = job.then(known -> known.on(gpu));
    return new OnMachine(
        place, counted.thing().orElse(document), job, card, new RunCells[data.size()]);
  }

  /** The job as the card's abilities settle it, which throws as it did for another such card. */
  private JobEstimate settled(
      JobDocument counted, Optional<Gpu> gpu, Map<Kind, Shared<JobEstimate>> jobs) {
    Kind kind = Kind.of(counted, gpu);
    Shared<JobEstimate> job = jobs.get(kind);
    if (job == null) {
      job =
          Shared.of(() -> counted.locating(() -> estimator.settle(counted, gpu)))
              .then(one -> one.orSame(jobs.values().stream().flatMap(Shared::known)));
      jobs.put(kind, job);
    }
    return job.orThrow();
  }

  private SweepResult row(OnMachine machine, Optional<CardPlace> place, int dataSet) {
    estimator.counters().row();
    Optional<RentalPrice> rent = rent(machine, place);
    if (machine.card().thing().isEmpty()) {
      return RowEstimator.failed(
          failedCells(machine), rent, machine.card().failure().orElseThrow());
    }
    RunCells run = machine.runs()[dataSet];
    if (run == null) {
      JobEstimate job = machine.job().thing().orElseThrow();
      run = machine.card().thing().get().over(job.data(data.get(dataSet)));
      machine.runs()[dataSet] = run;
    }
    return run.at(rent);
  }

  private static Object[] failedCells(OnMachine machine) {
    Object[] cells =
        machine
            .job()
            .thing()
            .map(JobEstimate::cells)
            .orElseGet(() -> SettingCells.unsettled(machine.document()));
    machine.gpu().ifPresent(gpu -> SettingCells.set(cells, Column.GPU, gpu.name()));
    return cells;
  }

  private Optional<RentalPrice> rent(OnMachine machine, Optional<CardPlace> place) {
    Optional<RentalPrice> offered = place.flatMap(CardPlace::rent);
    if (offered.isPresent() || machine.gpu().isEmpty()) {
      return offered;
    }
    return machine.job().thing().flatMap(job -> estimator.cheapest(machine.gpu().get(), job));
  }
}
