package dev.vramcast.formats.write.train;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.WrittenFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps account of what a file says of a job while it is written. What it does not say is settled
 * by the framework's rules, and where that differs from the job, a warning names it.
 */
public final class JobCoverage {

  private static final Place ORIGIN = new Place.Chosen("written");

  private static final List<JobKey> VERSIONS =
      List.of(
          JobKey.TORCH_VERSION,
          JobKey.TRANSFORMERS_VERSION,
          JobKey.PEFT_VERSION,
          JobKey.BITSANDBYTES_VERSION);

  private final String format;
  private final TrainingJob wanted;
  private final Carried carried;
  private final List<Notice> warnings = new ArrayList<>();
  private JobDocument document;

  /**
   * Starts with what is said by the start of a file rather than in it: GPUs and versions.
   *
   * @param format as warnings name it
   * @param framework whose rules hold
   */
  public JobCoverage(String format, String framework, TrainingJob wanted) {
    this(format, framework, wanted, Set.of());
  }

  /**
   * As {@link #JobCoverage(String, String, TrainingJob)}.
   *
   * @param stages beside the supervised ones that the file can say
   */
  public JobCoverage(String format, String framework, TrainingJob wanted, Set<Stage> stages) {
    Stage stage = wanted.resolution().job().objective().stage();
    boolean usual = stage.isSupervised() && stage != Stage.MASKED_LM;
    if (!usual && !stages.contains(stage)) {
      String allowed =
          Stream.concat(Stream.of(Stage.SFT), stages.stream().sorted())
              .map(Stage::label)
              .collect(Collectors.joining(", "));
      throw InputError.of(format, " cannot be told ", JobKey.STAGE, " ", stage)
          .concerning(JobKey.STAGE)
          .allowed(allowed)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    this.format = format;
    this.wanted = wanted;
    this.carried = Carried.of(wanted, framework);
    this.document = JobDocument.empty().with(JobKey.FRAMEWORK_NAME, framework, ORIGIN);
    settles(JobKey.MODEL_ID, wanted.model());
    says(JobKey.GPU_COUNT, JobKey.NODES);
    if (wanted.document().has(JobKey.STAGE)) {
      settles(JobKey.STAGE, stage.isSupervised() ? Stage.SFT : stage);
    }
    VERSIONS.stream().filter(wanted.document()::has).forEach(this::says);
    wanted
        .document()
        .entry(JobKey.MODEL_CONFIG)
        .ifPresent(entry -> settles(JobKey.MODEL_CONFIG, entry.value()));
    boolean same = wanted.resolution().job().framework().name().equals(framework);
    if (same && wanted.document().has(JobKey.FRAMEWORK_VERSION)) {
      says(JobKey.FRAMEWORK_VERSION);
    }
  }

  /** What the file that the job was read from says beside it. */
  Carried carried() {
    return carried;
  }

  public String model() {
    return wanted.model();
  }

  /** The classes that FSDP of accelerate has to be told, as {@link TrainingJob#layers}. */
  public Optional<String> layers() {
    says(JobKey.LAYER_CLASSES);
    return wanted.layers();
  }

  /**
   * The name of the model that is distilled.
   *
   * @throws InputException where the job has its configuration and no name
   */
  public String teacher() {
    Object given = wanted.document().value(JobKey.TEACHER, Object.class).orElseThrow();
    Object name = given instanceof Map<?, ?> config ? config.get(ModelConfig.NAME) : given;
    if (name instanceof String text && !text.isBlank()) {
      return text;
    }
    throw InputError.about(JobKey.TEACHER)
        .is("a configuration")
        .and(" without ", ModelConfig.NAME)
        .allowed("a model's name, since a file loads one")
        .refusal();
  }

  /**
   * The model where a framework fills in what stands between braces behind a dollar sign.
   *
   * @throws InputException for a name that it would change
   */
  public String literal() {
    return literal(JobKey.MODEL_ID, wanted.model(), format);
  }

  /** As {@link #literal()}, for another text of the job. */
  public static String literal(JobKey key, String text, String format) {
    if (text.contains("${")) {
      throw InputError.about(key)
          .is(text)
          .and(", which ", format, " would fill in")
          .allowed("text without '${'")
          .refusal();
    }
    return text;
  }

  /** The stage that the file says; a supervised one is fine-tuning to every writer. */
  public Stage stage() {
    Stage stage = job().objective().stage();
    return stage.isSupervised() ? Stage.SFT : stage;
  }

  public ResolvedJob job() {
    return wanted.resolution().job();
  }

  /** The value that the job has for a key, when it plays a part and is not left open. */
  public <T> Optional<T> wanted(JobKey key, Class<T> type) {
    return wanted
        .resolution()
        .value(key)
        .filter(value -> !value.isLeftOpen())
        .map(ResolvedValue::value)
        .map(type::cast);
  }

  /** As {@link #wanted}, where somebody said it and no rule did. */
  public <T> Optional<T> told(JobKey key, Class<T> type) {
    return wanted.document().has(key) ? wanted(key, type) : Optional.empty();
  }

  /** Words that the job has for a key; none where it plays no part. */
  public List<String> words(JobKey key) {
    List<?> values = wanted(key, List.class).orElse(List.of());
    return values.stream().map(String::valueOf).toList();
  }

  /**
   * How the job computes, in the words of a Trainer. Under ZeRO that is 16 bits without autocast,
   * which DeepSpeed does when the Trainer is told to use autocast.
   */
  public Precision precision() {
    boolean zero = job().parallelism().strategy().isZero();
    return switch (job().precision()) {
      case BF16 -> zero ? Precision.BF16_MIXED : Precision.BF16;
      case FP16 -> zero ? Precision.FP16_MIXED : Precision.FP16;
      case FP32, BF16_MIXED, FP16_MIXED -> job().precision();
    };
  }

  /** The files make the framework do what the job has for these keys. */
  public void says(JobKey... keys) {
    for (JobKey key : keys) {
      wanted(key, Object.class).ifPresent(value -> settles(key, value));
    }
  }

  /** The files make the framework do something else. */
  public void settles(JobKey key, Object value) {
    document = document.with(key, value, ORIGIN);
  }

  /** Whether the job has a value for a key. */
  public boolean is(JobKey key, Object value) {
    return wanted(key, Object.class).filter(value::equals).isPresent();
  }

  /** What the framework would do as things stand, with the job's model on its card. */
  Resolution effective() {
    return JobResolver.resolve(
        new JobDocument(document.entries(), document.remarks(), wanted.document().found()));
  }

  /** The dtype that adapters get as things stand. */
  public DataType effectiveAdapterDtype() {
    return effective().job().adapter().map(AdapterSettings::dtype).orElse(DataType.FP32);
  }

  public void warn(Object... what) {
    warnings.add(Notice.of(format, ": ").and(what));
  }

  /** The framework cannot train the job at all. */
  public InputException refusal(JobKey key, String allowed) {
    return error(key, allowed).refusal();
  }

  /** What is said when the framework cannot train the job for the value of a key. */
  public InputError error(JobKey key, String allowed) {
    String value = wanted.resolution().value(key).map(ResolvedValue::text).orElse("-");
    return InputError.of(format, " cannot be told ", key, " ", value)
        .concerning(key)
        .allowed(allowed)
        .kind(ErrorKind.CONTRADICTION);
  }

  /** Ends the account of a file that says a part of the job, the rest being said elsewhere. */
  TrainingFiles companion(List<WrittenFile> files) {
    return new TrainingFiles(files, wanted.resolution(), Optional.empty(), warnings);
  }

  /** Ends the account. */
  public TrainingFiles done(List<WrittenFile> files, Optional<Start> start) {
    Optional<Start> complete = start.map(this::withAllocator);
    Resolution effective = effective();
    List<Notice> all = new ArrayList<>(Differences.of(format, wanted, effective));
    all.addAll(warnings);
    return new TrainingFiles(files, effective, complete, all);
  }

  /** PyTorch's allocator is set up by the environment, which only the start can say. */
  private Start withAllocator(Start start) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (wanted.document().has(JobKey.EXPANDABLE_SEGMENTS)) {
      says(JobKey.EXPANDABLE_SEGMENTS);
      boolean grows = job().allocator().expandableSegments();
      settings.put("expandable_segments", grows ? "True" : "False");
    }
    if (wanted.document().has(JobKey.MAX_SPLIT_SIZE)) {
      says(JobKey.MAX_SPLIT_SIZE);
      int size = wanted(JobKey.MAX_SPLIT_SIZE, Integer.class).orElseThrow();
      settings.put("max_split_size_mb", String.valueOf(size));
    }
    return settings.isEmpty() ? start : start.with(allocator(settings));
  }

  private static String allocator(Map<String, String> settings) {
    List<String> words = new ArrayList<>();
    settings.forEach((name, value) -> words.add(name + ":" + value));
    return "export PYTORCH_CUDA_ALLOC_CONF=" + String.join(",", words);
  }
}
