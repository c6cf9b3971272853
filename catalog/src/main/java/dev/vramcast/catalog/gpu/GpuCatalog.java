package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.cloud.CloudMachine;
import dev.vramcast.catalog.cloud.Instances;
import dev.vramcast.catalog.cloud.Providers;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The embedded catalogue of accelerators.
 *
 * <p>A name that fits several devices is taken when they have the same memory, since then they give
 * the same verdict: {@code H100} is the SXM5 card, and the match says so. It is refused when they
 * differ: {@code A100} may have 40 or 80 GB.
 */
public final class GpuCatalog implements GpuFinder {

  /** Null until the first call; two threads may each read it, and read the same. */
  private static volatile @Nullable GpuCatalog embedded;

  private static final int MAX_NAMED = 8;

  /** More cards than these are no names that were probably meant. */
  private static final int MOST_NEAR = 4;

  private static final Set<String> LAPTOP = Set.of("laptop");

  private static final Pattern SIZED =
      Pattern.compile("(\\S+)\\s+(\\d{1,4}\\s?gi?b?)", Pattern.CASE_INSENSITIVE);

  private final List<GpuRow> rows;

  private GpuCatalog(List<GpuRow> rows) {
    this.rows = rows;
  }

  /**
   * The catalogue that is part of this module, read at the first call.
   *
   * @throws InputException when a row of its files cannot be meant
   */
  public static GpuCatalog embedded() {
    GpuCatalog known = embedded;
    if (known == null) {
      known = new GpuCatalog(GpuTables.embedded());
      embedded = known;
    }
    return known;
  }

  /** Every device, of devices that a short name may mean the usual one first. */
  public List<Gpu> all() {
    return rows.stream().map(GpuRow::gpu).toList();
  }

  /** The cards that most people train on, at home and rented, a few of each size. */
  public List<Gpu> usual() {
    return rows.stream()
        .filter(row -> row.usual().isPresent())
        .sorted(Comparator.comparingInt(row -> row.usual().getAsInt()))
        .map(GpuRow::gpu)
        .toList();
  }

  /**
   * The devices that a filter lets through.
   *
   * @throws InputException when there are none, or when it has a name that fits none
   */
  public List<Gpu> select(GpuFilter filter) {
    GpuFilter meant = filter.divided(rows);
    meant.refuseUnknown(rows);
    List<Gpu> found = rows.stream().filter(meant::matches).map(GpuRow::gpu).toList();
    if (found.isEmpty()) {
      throw filter.matchesNothing();
    }
    return found;
  }

  /**
   * As {@link #select}, and behind these the others that go by a number or a series that is named:
   * a Super, a Ti and a laptop's 4070 are 4070s to those who look for one.
   *
   * @throws InputException as {@link #select}
   */
  public List<Gpu> akin(GpuFilter filter) {
    GpuFilter meant = filter.divided(rows);
    meant.refuseUnrelated(rows);
    List<Gpu> found = new ArrayList<>();
    rows.stream().filter(meant::matches).map(GpuRow::gpu).forEach(found::add);
    rows.stream()
        .filter(row -> meant.isAkin(row) && !found.contains(row.gpu()))
        .map(GpuRow::gpu)
        .forEach(found::add);
    return found.isEmpty() ? select(filter) : List.copyOf(found);
  }

  /** What else is known about a device of the catalogue. */
  public GpuRemark remark(Gpu gpu) {
    return rows.stream()
        .filter(row -> row.name().equals(gpu.name()))
        .findFirst()
        .map(GpuRow::remark)
        .orElseThrow(() -> new IllegalStateException("no remark on " + gpu.name()));
  }

  /**
   * How many devices a text names; empty where it does not say.
   *
   * @throws InputException as {@link #find} where it is no name
   */
  public static OptionalInt countIn(String text) {
    return GpuFilter.isRange(text)
        ? OptionalInt.empty()
        : GpuSize.of(text).map(GpuSize::count).orElseGet(() -> GpuName.parse(text).count());
  }

  /**
   * What a text names, without how many of it and with who rents it out.
   *
   * @throws InputException as {@link #find} where it is no name
   */
  public static String uncounted(String text) {
    String provider = Providers.in(text).map(said -> said.provider() + " ").orElse("");
    return provider + GpuName.parse(text).name();
  }

  /** The cards of a machine that a cloud rents under that name, such as {@code 4x A10G}. */
  public static Optional<String> cardsOf(String machine) {
    return Instances.find(machine).map(CloudMachine::text);
  }

  /** The card of a machine that a cloud rents under that name; empty where no such is known. */
  public static Optional<String> cardOf(String machine) {
    return Instances.find(machine).map(CloudMachine::gpu);
  }

  @Override
  public GpuMatch find(String text) {
    Optional<GpuSize> size = GpuSize.of(text);
    if (size.isPresent() || GpuFilter.isRange(text)) {
      String range = size.map(GpuSize::text).orElse(text);
      throw several(text, usualFirst(select(GpuFilter.parse(range))));
    }
    SpokenGpu.portable(text)
        .map(this::portable)
        .ifPresent(
            cards -> {
              throw several(text, cards);
            });
    GpuName name = GpuName.parse(text);
    List<Gpu> candidates = meant(name.words());
    if (candidates.isEmpty()) {
      candidates = meant(name.withGigabytes());
    }
    if (candidates.isEmpty()) {
      throw unknown(text, name);
    }
    boolean machine = Instances.find(text).isPresent();
    Optional<Gpu> exact =
        candidates.stream().filter(gpu -> gpu.name().equalsIgnoreCase(name.name())).findFirst();
    if (exact.isPresent() || candidates.size() == 1) {
      return new GpuMatch(exact.orElse(candidates.get(0)), name.count(), machine, Optional.empty());
    }
    if (candidates.stream().mapToLong(gpu -> gpu.memory().mebibytes()).distinct().count() > 1) {
      throw InputError.value(name.name(), " may be any of ", quoted(candidates))
          .concerning(JobKey.GPU)
          .choices(names(candidates))
          .refusal();
    }
    Gpu chosen = candidates.get(0);
    Notice assumption =
        Notice.of(Shown.given(name.name()), " is taken as ", Shown.given(chosen.name()))
            .and("; as much memory has ", quoted(candidates.subList(1, candidates.size())));
    return new GpuMatch(chosen, name.count(), machine, Optional.of(assumption));
  }

  private static InputException several(String text, List<Gpu> cards) {
    return InputError.value(text, " may be any of ", some(cards))
        .concerning(JobKey.GPU)
        .choices(names(cards))
        .refusal();
  }

  /** Laptops' cards of a size; all of them where none is said, or none has it. */
  private List<Gpu> portable(String size) {
    List<GpuRow> all = rows.stream().filter(row -> row.covers(LAPTOP)).toList();
    Optional<GpuFilter> filter = GpuSize.of(size).map(GpuSize::text).map(GpuFilter::parse);
    List<GpuRow> sized =
        all.stream().filter(row -> filter.filter(it -> it.matches(row)).isPresent()).toList();
    return (sized.isEmpty() ? all : sized).stream().map(GpuRow::gpu).toList();
  }

  /** The devices of these words; those of a model number that the words leave between them. */
  private List<Gpu> meant(Set<String> words) {
    List<Gpu> named = rows.stream().filter(row -> row.matches(words)).map(GpuRow::gpu).toList();
    return named.isEmpty()
        ? rows.stream()
            .filter(row -> row.isOneOf(words) && row.sharesModel(words))
            .map(GpuRow::gpu)
            .toList()
        : named;
  }

  private InputException unknown(String text, GpuName name) {
    if (Providers.isOne(text)) {
      return InputError.value(text, " is a provider and no GPU")
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.GPU)
          .hint("name a card with it, for example '", text.strip(), " H100'")
          .refusal();
    }
    if (text.indexOf(',') >= 0) {
      return InputError.value(text, " names several GPUs, and a job runs on one kind")
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.GPU)
          .hint("ask about each by itself, or compare several by cost or plan")
          .refusal();
    }
    List<Gpu> related = related(name.words());
    List<Gpu> counted = related.isEmpty() ? related(name.counted()) : List.of();
    // What was taken for a count is a model's number, and the X is of the name.
    boolean read = !SpokenGpu.plain(text.strip()).equals(text.strip());
    String shown = counted.isEmpty() && !read ? name.name() : text.strip();
    List<Gpu> kind = counted.isEmpty() ? related : counted;
    InputError error =
        InputError.of("unknown GPU ", Shown.given(shown))
            .kind(ErrorKind.UNKNOWN)
            .concerning(JobKey.GPU)
            .given(shown);
    if (kind.size() > MOST_NEAR) {
      return error.hint("known of that kind: ", some(kind)).refusal();
    }
    if (!kind.isEmpty()) {
      return error.nearest(names(kind)).refusal();
    }
    Optional<String> near =
        GpuFilter.near(name.name(), rows).or(() -> nearOfSize(name.name())).filter(this::isCard);
    return near.isPresent()
        ? error.nearest(near).refusal()
        : error.hint("for example 'RTX 4090', 'A100-80GB', 'H100'").refusal();
  }

  /** The name before a size, which the nearest name has behind it too. */
  private Optional<String> nearOfSize(String name) {
    Matcher sized = SIZED.matcher(name);
    return sized.matches()
        ? GpuFilter.near(sized.group(1), rows).map(near -> near + " " + sized.group(2))
        : Optional.empty();
  }

  /** A size, a machine, or a name that is more than a word of many. */
  private boolean isCard(String near) {
    return GpuSize.of(near).isPresent()
        || Instances.find(near).isPresent()
        || !meant(GpuName.words(near)).isEmpty();
  }

  private List<Gpu> related(Set<String> words) {
    return rows.stream().filter(row -> row.sharesModel(words)).map(GpuRow::gpu).toList();
  }

  private static String some(List<Gpu> gpus) {
    int rest = gpus.size() - MAX_NAMED;
    return quoted(gpus.subList(0, Math.min(MAX_NAMED, gpus.size())))
        + (rest > 0 ? " and " + rest + " more" : "");
  }

  /** Those that most people have, before the others. */
  private List<Gpu> usualFirst(List<Gpu> gpus) {
    List<Gpu> sorted = new ArrayList<>(usual());
    sorted.retainAll(gpus);
    gpus.stream().filter(gpu -> !sorted.contains(gpu)).forEach(sorted::add);
    return sorted;
  }

  private static List<String> names(List<Gpu> gpus) {
    return gpus.stream().map(Gpu::name).toList();
  }

  private static String quoted(List<Gpu> gpus) {
    return gpus.stream().map(gpu -> "'" + gpu.name() + "'").collect(Collectors.joining(", "));
  }
}
