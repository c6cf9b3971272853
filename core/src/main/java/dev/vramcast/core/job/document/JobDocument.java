package dev.vramcast.core.job.document;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a user said about a job: typed, checked values, each with the place it came from. What is
 * left out is absent; the resolver fills it in.
 *
 * @param remarks what the user is to know of how the document came about
 * @param found what it names, as far as somebody found it; no user said it, and no file holds it
 */
public record JobDocument(Map<JobKey, Entry> entries, List<Remark> remarks, Found found) {

  /** Keys that say how much is trained on, in whose place a number of steps stands. */
  private static final Set<JobKey> AMOUNTS =
      EnumSet.of(JobKey.EXAMPLES, JobKey.EPOCHS, JobKey.TOKENS);

  private static final JobDocument EMPTY = new JobDocument(Map.of(), List.of());

  /**
   * One key with its value.
   *
   * @param value typed as the key's kind says
   * @param place where it came from
   */
  public record Entry(JobKey key, Object value, Place place) {

    /**
     * What a plain value of a key says: the key's own entry, then those that it implies where they
     * are not set. The one place that knows what words a value may have.
     *
     * @throws InputException when the value is not allowed
     */
    public static List<Entry> read(JobKey key, Object raw, Place place) {
      return entries(key, raw, place, () -> key.read(raw, place));
    }

    private static List<Entry> entries(
        JobKey key, Object raw, Place place, Supplier<Object> value) {
      return OptimizerWords.find(key, raw)
          .map(optimizer -> both(optimizer, place))
          .or(() -> StageWords.find(key, raw).map(stage -> both(stage, place)))
          .orElseGet(() -> List.of(new Entry(key, value.get(), place)));
    }

    private static List<Entry> both(OptimizerWords.Meaning optimizer, Place place) {
      return List.of(
          new Entry(JobKey.OPTIMIZER_NAME, optimizer.name(), place),
          new Entry(JobKey.OPTIMIZER_IMPLEMENTATION, optimizer.implementation(), place));
    }

    private static List<Entry> both(StageWords.Meaning meant, Place place) {
      Entry stage = new Entry(JobKey.STAGE, meant.stage(), place);
      return meant
          .loss()
          .map(loss -> new Entry(JobKey.LOSS_TYPE, JobKey.LOSS_TYPE.read(loss, place), place))
          .map(loss -> List.of(stage, loss))
          .orElseGet(() -> List.of(stage));
    }
  }

  /** The configuration of a named model, and a named card. */
  public record Found(Optional<ModelConfig> model, Optional<Gpu> gpu) {

    private static final Found NOTHING = new Found(Optional.empty(), Optional.empty());

    private static final Set<JobKey> MODEL = EnumSet.of(JobKey.MODEL_ID, JobKey.MODEL_CONFIG);

    /** What is left of it when keys change that name something. */
    private Found unless(Collection<JobKey> changed) {
      return new Found(
          model.filter(config -> changed.stream().noneMatch(MODEL::contains)),
          gpu.filter(card -> !changed.contains(JobKey.GPU)));
    }

    private Found or(Found weaker) {
      return new Found(model.or(weaker::model), gpu.or(weaker::gpu));
    }
  }

  /**
   * Something to know about the document.
   *
   * @param open the key that it is about, which holds until that key is set
   */
  public record Remark(Optional<JobKey> open, Notice notice) {

    boolean isAbout(JobKey key) {
      return open.filter(key::equals).isPresent();
    }
  }

  public JobDocument {
    Map<JobKey, Entry> sorted = new EnumMap<>(JobKey.class);
    sorted.putAll(entries);
    entries = Collections.unmodifiableMap(sorted);
    remarks = List.copyOf(remarks);
  }

  private JobDocument(Map<JobKey, Entry> entries, List<Remark> remarks) {
    this(entries, remarks, Found.NOTHING);
  }

  public static JobDocument empty() {
    return EMPTY;
  }

  /** A document of entries whose values were checked by {@link JobKey#read} or parse. */
  public static JobDocument of(Collection<Entry> entries) {
    Map<JobKey, Entry> byKey = new EnumMap<>(JobKey.class);
    entries.forEach(entry -> byKey.put(entry.key(), entry));
    return new JobDocument(byKey, List.of());
  }

  /** This document with one value, typed or plain, set or replaced; the value is checked. */
  public JobDocument with(JobKey key, Object raw, Place place) {
    boolean typed =
        raw instanceof Enum<?>
            || raw instanceof List<?> list && list.stream().anyMatch(Enum.class::isInstance);
    return with(Entry.read(key, typed ? key.kind().plain(raw) : raw, place));
  }

  /** This document with what stands behind a flag; the text is checked. */
  public JobDocument withFlag(JobKey key, String text) {
    Place.Behind place = new Place.Behind(key.flag());
    return with(Entry.entries(key, text, place, () -> key.parse(text)));
  }

  /** With the first of what a value says, and of the others those whose keys are not set. */
  private JobDocument with(List<Entry> said) {
    JobDocument all = with(said.get(0));
    for (Entry implied : said.subList(1, said.size())) {
      all = all.has(implied.key()) ? all : all.with(implied);
    }
    return all;
  }

  /** This document overlaid by another, whose values win: flags over a file. */
  public JobDocument with(JobDocument stronger) {
    Map<JobKey, Entry> merged = new EnumMap<>(JobKey.class);
    merged.putAll(entries);
    if (stronger.has(JobKey.STEPS)) {
      merged.remove(JobKey.TOKENS);
    } else if (AMOUNTS.stream().anyMatch(stronger::has)) {
      merged.remove(JobKey.STEPS);
    }
    merged.putAll(stronger.entries);
    List<Remark> all = new ArrayList<>(remarks);
    all.addAll(stronger.remarks);
    all.removeIf(remark -> remark.open().filter(merged::containsKey).isPresent());
    return new JobDocument(merged, all, stronger.found.or(found.unless(stronger.entries.keySet())));
  }

  /** This document once the model that it names is found. */
  public JobDocument withFound(ModelConfig model) {
    return new JobDocument(entries, remarks, new Found(Optional.of(model), found.gpu));
  }

  /** This document once the card that it runs on is found. */
  public JobDocument withFound(Gpu gpu) {
    return new JobDocument(entries, remarks, new Found(found.model, Optional.of(gpu)));
  }

  /** This document without some keys and the remarks about them; all other remarks stay. */
  public JobDocument without(Collection<JobKey> keys) {
    Map<JobKey, Entry> left = new EnumMap<>(JobKey.class);
    left.putAll(entries);
    left.keySet().removeAll(keys);
    List<Remark> others = new ArrayList<>(remarks);
    others.removeIf(remark -> remark.open().filter(keys::contains).isPresent());
    return new JobDocument(left, others, found.unless(keys));
  }

  /** This document with a further remark. */
  public JobDocument with(Remark remark) {
    return with(new JobDocument(Map.of(), List.of(remark)));
  }

  /** The remarks about a key that is not set. */
  public List<Notice> remarksAbout(JobKey key) {
    return remarks.stream().filter(remark -> remark.isAbout(key)).map(Remark::notice).toList();
  }

  public boolean has(JobKey key) {
    return entries.containsKey(key);
  }

  public Optional<Entry> entry(JobKey key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** The value of a key that holds the given type. */
  public <T> Optional<T> value(JobKey key, Class<T> type) {
    return entry(key).map(Entry::value).filter(type::isInstance).map(type::cast);
  }

  /** The text of a key that holds text. */
  public Optional<String> text(JobKey key) {
    return value(key, String.class);
  }

  /** The model's configuration when it is given as an object. */
  public Optional<Map<String, Object>> modelConfig() {
    return entry(JobKey.MODEL_CONFIG)
        .map(Entry::value)
        .filter(Map.class::isInstance)
        .map(JobDocument::section);
  }

  /** The model's configuration, given as an object or found by the model's name. */
  public Optional<ModelConfig> model() {
    return modelConfig()
        .map(config -> new ModelConfig(JobKey.MODEL_CONFIG.path(), config))
        .or(found::model);
  }

  /**
   * The dtype in which the model's weights were published, as its configuration says; nearly all
   * are bf16.
   */
  public DataType checkpointDtype() {
    Map<String, Object> config = model().map(ModelConfig::values).orElse(Map.of());
    Object stated = Optional.ofNullable(config.get("dtype")).orElse(config.get("torch_dtype"));
    return switch (String.valueOf(stated)) {
      case "float32" -> DataType.FP32;
      case "float16" -> DataType.FP16;
      default -> DataType.BF16;
    };
  }

  /** Where the first of the keys that is set came from, for errors about several keys. */
  public Optional<Place> place(JobKey... keys) {
    return Arrays.stream(keys).flatMap(key -> entry(key).stream()).map(Entry::place).findFirst();
  }

  /** Whether a key was given on the command line. */
  public boolean isBehindFlag(JobKey key) {
    return place(key).filter(Place.Behind.class::isInstance).isPresent();
  }

  /** What begins with a key, at its place. */
  public Notice about(JobKey key, Object... more) {
    return Notice.of(key).and(more).at(place(key));
  }

  /**
   * Does something with the job. What is refused there without a place gets that of what it is
   * about: code that has the settled job alone knows of none.
   */
  public <T> T locating(Supplier<T> work) {
    try {
      return work.get();
    } catch (InputException | UnsupportedJobException e) {
      throw e.located(this::given);
    }
  }

  private Optional<Place> given(Subject subject) {
    return subject instanceof JobKey key
        ? place(key).filter(place -> !(place instanceof Place.Chosen))
        : Optional.empty();
  }

  /** The document as nested maps of plain values, for a file. */
  public Map<String, Object> toMap() {
    Map<String, Object> root = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      List<String> parts = List.of(entry.key().path().split("\\."));
      Map<String, Object> section = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        section = section(section.computeIfAbsent(part, name -> new LinkedHashMap<>()));
      }
      section.put(parts.get(parts.size() - 1), entry.key().kind().plain(entry.value()));
    }
    return root;
  }

  private JobDocument with(Entry entry) {
    return with(new JobDocument(Map.of(entry.key(), entry), List.of()));
  }

  @SuppressWarnings("unchecked") // only ever called on maps with string keys
  private static Map<String, Object> section(Object map) {
    return (Map<String, Object>) map;
  }
}
