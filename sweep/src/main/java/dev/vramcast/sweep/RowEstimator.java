package dev.vramcast.sweep;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Refusal;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.sweep.product.Machines;
import dev.vramcast.sweep.product.Models;
import dev.vramcast.sweep.product.RentalPrice;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The function from a row to its figures: for each job what {@code vramcast estimate}, {@code fit}
 * and {@code cost} say of it. Nothing that a row says stops it; a row that cannot be estimated
 * comes back with its error.
 *
 * <p>Models and prices are loaded once. Rows in a row that have model and settings in common share
 * one estimate, whatever their GPUs, data and prices, so rows are best sorted by their settings.
 *
 * <p>For one thread; each has its own.
 */
public final class RowEstimator {

  /** Keys of how much is trained on, which no trace depends on. */
  static final Set<JobKey> DATA =
      EnumSet.of(
          JobKey.EXAMPLES, JobKey.TOKENS_PER_EXAMPLE, JobKey.EPOCHS, JobKey.TOKENS, JobKey.STEPS);

  private static final Set<JobKey> FILES =
      EnumSet.of(JobKey.DATA_FILE, JobKey.TOKENIZER, JobKey.CHARACTERS_PER_TOKEN);

  private final Models models;
  private final Machines machines;
  private final Sources sources;

  /** Whether what the allocator holds is shown, which no other figure needs. */
  private final boolean reserved;

  private final Counters counters = new Counters();
  private final RecentJobs recent = new RecentJobs();

  /**
   * An estimator over tables that are there.
   *
   * @param models by names; they win over the catalogue
   * @param offers of which a row without a price takes the cheapest
   * @param gpus tells which GPU a name means
   * @param network what the Hub may be asked for
   */
  public RowEstimator(
      Map<String, LocatedModel> models,
      List<Offer> offers,
      Purchase purchase,
      GpuFinder gpus,
      Network network) {
    this(
        new Models(models),
        new Machines(gpus, offers, purchase),
        new Sources.NamesOnly(Optional.empty(), network),
        true);
  }

  private RowEstimator(Models models, Machines machines, Sources sources, boolean reserved) {
    this.models = models;
    this.machines = machines;
    this.sources = sources;
    this.reserved = reserved;
  }

  /** An estimator by settings that came as texts. The Hub is not asked. */
  public static RowEstimator open(RowSettings settings) {
    return new RowEstimator(
        settings.locatedModels(),
        settings.offers(),
        settings.purchase(),
        GpuCatalog.embedded(),
        Network.FORBIDDEN);
  }

  /**
   * An estimator over the same tables for these columns. Others may be empty, where their figures
   * take long and nothing in these depends on them.
   */
  public RowEstimator only(Collection<Column> columns) {
    boolean shown = columns.stream().anyMatch(CardEstimate.HELD::contains);
    return new RowEstimator(models, machines, sources, shown);
  }

  /** Whether a key says how much is trained on, which no trace depends on. */
  public static boolean isData(JobKey key) {
    return DATA.contains(key);
  }

  /** What was done so far. */
  public Counters counters() {
    return counters;
  }

  /** The figures of a row. */
  public SweepResult estimate(SweepRow row) {
    return estimate(row, UnaryOperator.identity());
  }

  private SweepResult estimate(SweepRow row, UnaryOperator<InputException> located) {
    counters.row();
    try {
      return row.job().locating(() -> estimated(row));
    } catch (InputException e) {
      return failed(SettingCells.unsettled(row.job()), row.rent(), located.apply(e));
    } catch (RuntimeException e) {
      return failed(SettingCells.unsettled(row.job()), row.rent(), e);
    }
  }

  /** Why something cannot be estimated; a mistake of the program takes no other row with it. */
  static String reason(RuntimeException e) {
    if (e instanceof Refusal refused) {
      return refused.notice().line(Words.DOCUMENT);
    }
    return e + "; this is a mistake in vramcast, please report it";
  }

  /**
   * The figures of a row of a table.
   *
   * @param values by columns, which are keys of the job document such as {@code model.id}, and
   *     {@code usd_per_hour}, {@code purchase}, {@code provider}, {@code instance} and {@code
   *     region}; text as behind a flag, or plain values; null and empty text count as left out
   * @param place of the row
   */
  public SweepResult estimate(Map<String, ?> values, Place place) {
    return estimate(values, place, column -> place);
  }

  /**
   * As {@link #estimate(Map, Place)}.
   *
   * @param cells where the cell of a column stands
   */
  public SweepResult estimate(Map<String, ?> values, Place place, Function<String, Place> cells) {
    UnaryOperator<InputException> located =
        wrong ->
            wrong.error().place().filter(place::equals).isPresent()
                ? inCell(wrong, values, cells)
                : wrong;
    SweepRow row;
    try {
      row = FlatRow.of(values, place);
    } catch (InputException e) {
      return refuse(located.apply(e));
    }
    return estimate(row, located);
  }

  private static InputException inCell(
      InputException wrong, Map<String, ?> values, Function<String, Place> cells) {
    return wrong
        .error()
        .subject()
        .map(subject -> Words.DOCUMENT.name(subject, Optional.empty()))
        .filter(values::containsKey)
        .map(column -> wrong.error().at(cells.apply(column)).refusal(wrong))
        .orElse(wrong);
  }

  /** Refuses the name of a column that {@link #estimate(Map, Place)} does not know. */
  public static void checkColumn(String column, Place place) {
    FlatRow.check(column, place);
  }

  /** A row of which nothing is known but what is wrong with it. */
  public SweepResult refuse(InputException wrong) {
    counters.row();
    return failed(SettingCells.unsettled(JobDocument.empty()), Optional.empty(), wrong);
  }

  private SweepResult estimated(SweepRow row) {
    JobDocument document = row.job();
    Optional<GpuMatch> match = document.text(JobKey.GPU).map(machines::gpu);
    JobDocument counted = match.map(found -> found.counted(document)).orElse(document);
    Optional<Gpu> gpu = match.map(GpuMatch::gpu);
    JobEstimate job = recent.get(counted, gpu, this::settle);
    CardEstimate card = document.locating(() -> recent.on(gpu));
    return card.over(job.data(numbers(document))).at(rent(row, job, gpu));
  }

  private Optional<RentalPrice> rent(SweepRow row, JobEstimate job, Optional<Gpu> gpu) {
    return row.rent().or(() -> gpu.flatMap(card -> cheapest(card, job)));
  }

  /** The machine that a row without a price takes, of which the job may have several. */
  Optional<RentalPrice> cheapest(Gpu gpu, JobEstimate job) {
    return machines.cheapest(gpu, job.job().parallelism().gpus(), job.together());
  }

  /**
   * What all rows have in common that differ from a job in their data and price alone, or in their
   * card where it has the same abilities.
   *
   * @param gpu whose abilities decide what the job leaves open
   * @throws InputException when the job cannot run on any card
   */
  JobEstimate settle(JobDocument document, Optional<Gpu> gpu) {
    FILES.stream()
        .filter(document::has)
        .findFirst()
        .ifPresent(
            key -> {
              throw InputError.about(key)
                  .at(document.place(key))
                  .and(" is not read in a sweep")
                  .allowed(JobKey.LENGTHS)
                  .refusal();
            });
    JobDocument common =
        ProfileChoice.ofSettings(document.without(List.of(JobKey.GPU)).without(DATA));
    JobDocument placed = gpu.map(common::withFound).orElse(common);
    EstimateRequest request = new EstimateRequest(placed, sources, machines::gpu);
    Models.Counted model = models.find(request);
    RequestedJob settled = request.settle(Optional.empty(), model::model);
    boolean asFound = settled.model().equals(model.model());
    ModelProfile profile =
        asFound ? model.profile() : ModelProfile.of(settled.model().architecture());
    return new JobEstimate(settled, profile, counters, reserved);
  }

  /** The numbers of a job that say how much is trained on. */
  static Map<JobKey, Double> numbers(JobDocument document) {
    Map<JobKey, Double> numbers = new EnumMap<>(JobKey.class);
    for (JobKey key : DATA) {
      document.value(key, Double.class).ifPresent(value -> numbers.put(key, value));
    }
    return numbers;
  }

  /** A row with its error, which is a verdict where the job is not modelled. */
  static SweepResult failed(Object[] cells, Optional<RentalPrice> rent, RuntimeException e) {
    rent.ifPresent(terms -> RunCells.fill(cells, terms));
    SettingCells.set(cells, Column.ERROR, reason(e));
    if (e instanceof UnsupportedJobException) {
      SettingCells.set(cells, Column.VERDICT, Verdict.NOT_MODELLED.words());
    } else if (e instanceof InputException wrong && wrong.isForLackOfMemory()) {
      SettingCells.set(cells, Column.VERDICT, Verdict.DOES_NOT_FIT.words());
    }
    return new SweepResult(
        cells,
        e instanceof Refusal refused
            ? Optional.of(refused.notice().sentence(Words.DOCUMENT))
            : Optional.empty());
  }
}
