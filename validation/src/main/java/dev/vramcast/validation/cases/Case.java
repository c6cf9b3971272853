package dev.vramcast.validation.cases;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.rate.MatmulType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job and what was measured when it ran.
 *
 * @param source where the figures come from
 * @param job the job document as parsed JSON; it is checked when the case is evaluated, so that one
 *     job that cannot be read does not stop the others
 * @param notes remarks of whoever collected the case, some of which change how it is judged
 */
public record Case(
    String id, String source, Map<String, Object> job, Measured measured, String notes) {

  private static final Pattern CAP =
      Pattern.compile("length is a cap|\\blength=cap\\b|length against the cap not stated");

  private static final Pattern ISSUE = Pattern.compile("\\bissue #\\d");

  /** Keys of {@code framework} that tell how old its code is. */
  private static final List<String> AGES = List.of("transformers", "date");

  private static final String KEPT = "loss output kept alive";
  private static final String LAST = "of the last rank";
  private static final String FIRST = "read before the first update";

  private static final String OTHER_STEPS = "the cache keeps segments of";
  private static final Pattern CONTEXT = Pattern.compile("~(\\d{1,5}) MiB context");

  private static final Pattern PRODUCTS = Pattern.compile("compute=(mxfp8|fp8|nvfp4)\\b");

  private static final Pattern DOCUMENTATION =
      Pattern.compile("huggingface/transformers docs.*@v(\\d)\\.(\\d?[\\dx])");

  /**
   * Whether the measured run may have been shorter than the job says, so that only an estimate
   * below the measurement is an error.
   */
  public boolean lengthIsCap() {
    return CAP.matcher(notes).find();
  }

  /**
   * Whether each micro-batch is one row whose length is a cap, so that rows differ in length,
   * though the job calls them packed: packed rows are as long as the cap.
   */
  public boolean rowsDiffer() {
    return lengthIsCap()
        && job.get("batch") instanceof Map<?, ?> batch
        && "packed".equals(batch.get("padding"))
        && batch.get("micro_batch") instanceof Number rows
        && rows.intValue() == 1;
  }

  /**
   * Whether somebody reported the run because of what it needed, as in {@code owner/repository
   * issue #1}. Such a run says that there are such errors, and nothing about how often.
   */
  public boolean isReportedForItsMemory() {
    return ISSUE.matcher(source).find();
  }

  /** Whether the job says of which age the code was. */
  public boolean statesItsAge() {
    return job.get("framework") instanceof Map<?, ?> stated
            && AGES.stream().anyMatch(key -> stated.get(key) != null)
        || !documentedVersion().isEmpty();
  }

  /** Whether the job says how unevenly tokens went to experts; even is said, too. */
  public boolean statesExpertImbalance() {
    return job.get("parallelism") instanceof Map<?, ?> stated
        && stated.get("expert_imbalance") != null;
  }

  /** Whether the measuring script held the model's output through the backward pass. */
  public boolean keepsOutputs() {
    return notes.contains(KEPT);
  }

  /** Whether the figures are those of the last rank, and not of the one that needs most. */
  public boolean isOfLastRank() {
    return notes.contains(LAST);
  }

  /** Whether the figures were read before an optimizer had states. */
  public boolean isBeforeStates() {
    return notes.contains(FIRST);
  }

  /** Whether figures hold what steps of other lengths left, which a smaller card has freed. */
  public boolean holdsOtherSteps() {
    return notes.contains(OTHER_STEPS);
  }

  /** The CUDA context that the source measured by itself, in bytes. */
  public OptionalLong contextBytes() {
    Matcher matcher = CONTEXT.matcher(notes);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 20)
        : OptionalLong.empty();
  }

  /** What the source tells beside its figures, as versions, for jobs that leave it out. */
  public Map<JobKey, String> sourceVersions() {
    Map<JobKey, String> documented = documentedVersion();
    return documented.isEmpty() ? SourceVersions.shipped().of(source) : documented;
  }

  /** Settings that stand in the notes, as {@link NotedSettings} has them. */
  public Map<JobKey, String> notedSettings() {
    return new NotedSettings(job, notes).settings();
  }

  /** The version of the documentation that the source is, e.g. 4.20 of {@code @v4.2x}. */
  public Map<JobKey, String> documentedVersion() {
    Matcher matcher = DOCUMENTATION.matcher(source);
    return matcher.find()
        ? Map.of(
            JobKey.TRANSFORMERS_VERSION,
            matcher.group(1) + "." + matcher.group(2).replace('x', '0'))
        : Map.of();
  }

  /** In which dtype the products of layers ran. */
  public MatmulType matmulType() {
    Matcher matcher = PRODUCTS.matcher(notes);
    if (!matcher.find()) {
      return MatmulType.PRECISION;
    }
    return matcher.group(1).equals("nvfp4") ? MatmulType.NVFP4 : MatmulType.FP8;
  }

  /** Whether speed was measured and not memory. */
  public boolean isThroughput() {
    return measured.peakBytes().isEmpty() && measured.tokensPerSecond().isPresent();
  }
}
