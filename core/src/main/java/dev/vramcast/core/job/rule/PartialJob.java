package dev.vramcast.core.job.rule;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A job while it is resolved. Asking for a key resolves it: what the user set, else what other keys
 * force, else what most people set where that is asked for, else the framework's rule, else the
 * default of the job document.
 */
public final class PartialJob {

  /** A version of a release, or its tag, as opposed to a commit. */
  private static final Pattern RELEASE = Pattern.compile("v?\\d{1,6}\\.\\d.*");

  private final JobDocument document;
  private final FrameworkRules framework;
  private final Optional<FrameworkRules> profile;
  private final Map<JobKey, ResolvedValue> resolved = new EnumMap<>(JobKey.class);
  private final Set<JobKey> inProgress = EnumSet.noneOf(JobKey.class);
  private final List<Notice> warnings = new ArrayList<>();
  private Optional<Architecture> model = Optional.empty();
  private boolean modelIsRead;

  /**
   * A job of which nothing is resolved yet.
   *
   * @param profile what most people set, which the framework's users set too; empty where only the
   *     framework's own defaults count
   */
  public PartialJob(
      JobDocument document, FrameworkRules framework, Optional<FrameworkRules> profile) {
    this.document = document;
    this.framework = framework;
    this.profile = profile;
  }

  public JobDocument document() {
    return document;
  }

  /**
   * The model that is trained, read when it is first asked for. Empty where no configuration is
   * known or it is none of a model; whoever reads the model refuses it.
   */
  public Optional<Architecture> model() {
    if (!modelIsRead) {
      model = document.model().flatMap(Families::find);
      modelIsRead = true;
    }
    return model;
  }

  /** Whether the model is known, and one that reads text both ways. */
  public boolean encodes() {
    boolean words =
        model()
            .filter(known -> !known.head().predictsHidden() && known.head().predictsWords())
            .isPresent();
    return !words && document.model().filter(Families::encodes).isPresent();
  }

  /** Whether the job runs on a card that is known to lack something. */
  public boolean runsWithout(Predicate<Generation.Abilities> ability) {
    return document.found().gpu().filter(card -> !ability.test(card.abilities())).isPresent();
  }

  /** A message that begins with a key that is set, its place and its value. */
  public InputError given(JobKey key) {
    return InputError.about(key).at(document.place(key)).isSet(shown(key));
  }

  /** The value of a key that is set, as messages quote it. */
  public String shown(JobKey key) {
    return Shown.value(key.kind().plain(document.entry(key).orElseThrow().value()));
  }

  /** fp16 where it is asked for, or where the card has no bf16; else bf16. */
  public DataType sixteenBits() {
    boolean half =
        isSet(JobKey.PRECISION)
            ? isSet(JobKey.PRECISION, Precision.FP16)
                || isSet(JobKey.PRECISION, Precision.FP16_MIXED)
            : runsWithout(Generation.Abilities::bf16);
    return half ? DataType.FP16 : DataType.BF16;
  }

  public boolean isSet(JobKey key) {
    return document.has(key);
  }

  public boolean isSet(JobKey key, Object value) {
    return document.entry(key).filter(entry -> entry.value().equals(value)).isPresent();
  }

  /** Whether it is set to something else than what holds without it. */
  public boolean differs(JobKey key) {
    return isSet(key) && key.defaultValue().filter(value -> isSet(key, value)).isEmpty();
  }

  /** The value of a key, resolved when it is first asked for. */
  public ResolvedValue resolved(JobKey key) {
    ResolvedValue known = resolved.get(key);
    if (known != null) {
      return known;
    }
    if (!inProgress.add(key)) {
      throw new IllegalStateException("rules for " + key.path() + " depend on themselves");
    }
    ResolvedValue value = resolve(key);
    inProgress.remove(key);
    resolved.put(key, value);
    return value;
  }

  public <T> T get(JobKey key, Class<T> type) {
    return type.cast(resolved(key).value());
  }

  /** The value of a key that may stay open. */
  public <T> Optional<T> find(JobKey key, Class<T> type) {
    ResolvedValue value = resolved(key);
    return value.isLeftOpen() ? Optional.empty() : Optional.of(type.cast(value.value()));
  }

  public int whole(JobKey key) {
    return get(key, Integer.class);
  }

  public boolean yes(JobKey key) {
    return get(key, Boolean.class);
  }

  public <T> List<T> list(JobKey key, Class<T> type) {
    List<?> values = get(key, List.class);
    return values.stream().<T>map(type::cast).toList();
  }

  /** Whether somebody names classes of layers, and not the model's own list. */
  public boolean namesLayers() {
    return isSet(JobKey.LAYER_CLASSES)
        && !list(JobKey.LAYER_CLASSES, String.class).equals(Parallelism.LISTED_LAYERS);
  }

  /** What a list holds that somebody states; else nothing. */
  public <T> List<T> listed(JobKey key, Class<T> type) {
    return isSet(key) ? list(key, type) : List.of();
  }

  public Version version(JobKey key) {
    return Version.parse(get(key, String.class));
  }

  /** Liger's version; where nothing says it, the newest at the time of the Transformers. */
  public Version ligerVersion() {
    return document
        .text(JobKey.LIGER_VERSION)
        .map(Version::parse)
        .orElseGet(() -> ReleaseDates.ligerOf(version(JobKey.TRANSFORMERS_VERSION)));
  }

  /** Whether the framework's code does this at every version. */
  public boolean always(CodeKey<Boolean> key) {
    return framework.always(key);
  }

  /**
   * The framework's own version: the one that is given, else the newest one of the job's month;
   * empty when neither is known, as for a commit.
   */
  public Optional<Version> frameworkVersion() {
    return statedVersion()
        .or(
            () ->
                document
                    .text(JobKey.FRAMEWORK_DATE)
                    .flatMap(month -> Releases.ofFramework(framework.name(), month)));
  }

  /** The release of the framework that the job states; empty for a commit. */
  Optional<Version> statedVersion() {
    return document
        .text(JobKey.FRAMEWORK_VERSION)
        .or(() -> framework.versionKey().flatMap(document::text))
        .flatMap(StatedVersions::release);
  }

  static boolean isRelease(String text) {
    return RELEASE.matcher(text).matches();
  }

  /** A release by its number or its tag. */
  static Version release(String text) {
    return Version.parse(text.startsWith("v") ? text.substring(1) : text);
  }

  /** Who runs the job. */
  String frameworkName() {
    return framework.name();
  }

  /**
   * The month whose versions those are that the job leaves out: the one that is given, else that in
   * which the framework's version came out, else the last in which the PyTorch that the job states
   * was the newest.
   */
  public Optional<String> month() {
    return document
        .text(JobKey.FRAMEWORK_DATE)
        .or(() -> statedVersion().flatMap(v -> Releases.month(framework.name(), v)))
        .or(this::torchMonth);
  }

  /**
   * The last month in which a PyTorch was the newest on which the newest Transformers does not run:
   * 5.0 and later ask for 2.4 (src/transformers/utils/import_utils.py). Empty for newer ones, which
   * many run under newer libraries, and where the job states which Transformers ran.
   */
  private Optional<String> torchMonth() {
    return document
        .text(JobKey.TORCH_VERSION)
        .filter(text -> !isSet(JobKey.TRANSFORMERS_VERSION))
        .map(Version::parse)
        .filter(torch -> !torch.atLeast(2, 4))
        .flatMap(torch -> Releases.lastMonth("torch", torch));
  }

  /** Whether accelerate is at least this new. */
  public boolean accelerateAtLeast(int major, int minor) {
    return version(JobKey.ACCELERATE_VERSION).atLeast(major, minor);
  }

  /** The PyTorch whose nightly builds the job's month had. */
  public Optional<String> torchNightly() {
    return month().map(month -> Releases.next("torch", month));
  }

  public boolean torchAtLeast(int major, int minor) {
    return version(JobKey.TORCH_VERSION).atLeast(major, minor);
  }

  public boolean transformersAtLeast(int major, int minor) {
    return version(JobKey.TRANSFORMERS_VERSION).atLeast(major, minor);
  }

  /** The only values that the framework's code has of some keys. */
  public Map<JobKey, List<Object>> limits() {
    return framework.limits();
  }

  public Method method() {
    return get(JobKey.METHOD, Method.class);
  }

  public Precision precision() {
    return get(JobKey.PRECISION, Precision.class);
  }

  public Strategy strategy() {
    return get(JobKey.STRATEGY, Strategy.class);
  }

  public DataType modelDtype() {
    return get(JobKey.MODEL_DTYPE, DataType.class);
  }

  public QuantizationScheme scheme() {
    return get(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.class);
  }

  public boolean isQuantized() {
    return scheme() != QuantizationScheme.NONE;
  }

  /** Adapters, if any, are those of PEFT's LoraConfig. */
  public boolean takesLora() {
    return AdapterForm.of(method()).isLora();
  }

  /** Quantised on loading by bitsandbytes, which is what k-bit preparation is about. */
  public boolean isKbit() {
    return switch (scheme()) {
      case NF4, FP4, INT8 -> true;
      case NONE, GPTQ_INT4, GPTQ_INT8, AWQ_INT4, FP8, MXFP4, NVFP4, AQLM_2BIT -> false;
    };
  }

  /** A key that is set has no effect, as another has this value. */
  public void warnIgnored(JobKey key, JobKey owner, Object value) {
    warn(document().about(key, " is ignored: ", owner, " is ", value));
  }

  public void warn(Notice warning) {
    warnings.add(warning);
  }

  public List<Notice> warnings() {
    return warnings;
  }

  private ResolvedValue resolve(JobKey key) {
    Optional<JobDocument.Entry> set = document.entry(key);
    if (set.isPresent()) {
      return ResolvedValue.stated(set.get());
    }
    return CommonRules.FORCED
        .resolve(key, this)
        .or(
            () ->
                profile.flatMap(
                    usual ->
                        framework.leavesOpen(key) ? usual.resolve(key, this) : Optional.empty()))
        .or(() -> framework.resolve(key, this))
        .map(value -> new ResolvedValue(key, value.value(), value.provenance(), value.note()))
        .orElseGet(() -> ofJobDocument(key));
  }

  private ResolvedValue ofJobDocument(JobKey key) {
    return key.defaultValue()
        .map(
            value ->
                new ResolvedValue(key, value, Provenance.ASSUMED, "default of the job document"))
        .orElseThrow(
            () ->
                InputError.about(key)
                    .kind(ErrorKind.MISSING)
                    .and(" is required")
                    .allowed(key.kind().allowed())
                    .refusal());
  }
}
