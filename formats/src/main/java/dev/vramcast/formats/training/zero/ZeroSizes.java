package dev.vramcast.formats.training.zero;

import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Sizes of buckets in a DeepSpeed configuration. What a file leaves out is DeepSpeed's own, what is
 * {@code auto} the Trainer derives from the hidden size (transformers/integrations/deepspeed.py,
 * trainer_config_finalize): the prefetch bucket and the threshold under stage 3 alone.
 */
final class ZeroSizes {

  private static final String REDUCE_BUCKET = "reduce_bucket_size";

  private static final String SECTION = "zero_optimization.";

  private static final BigDecimal FIXED = BigDecimal.valueOf(1_000_000_000L);

  /** The keys that may be {@code auto}, with DeepSpeed's own sizes (runtime/zero/config.py). */
  private static final Map<String, Size> BY_HIDDEN_SIZE = byHiddenSize();

  private final JobBuilder job;
  private final Function<String, Optional<Setting>> file;

  /** A key of the job and what DeepSpeed takes where nothing is said. */
  private record Size(JobKey key, long own) {}

  /**
   * The sizes of a file.
   *
   * @param file what it has at a path
   */
  ZeroSizes(JobBuilder job, Function<String, Optional<Setting>> file) {
    this.job = job;
    this.file = file;
  }

  private static Map<String, Size> byHiddenSize() {
    Map<String, Size> sizes = new LinkedHashMap<>();
    sizes.put(REDUCE_BUCKET, new Size(JobKey.REDUCE_BUCKET, ZeroConfiguration.REDUCE_BUCKET));
    sizes.put(
        "stage3_prefetch_bucket_size",
        new Size(JobKey.PREFETCH_BUCKET, ZeroConfiguration.PREFETCH_BUCKET));
    sizes.put(
        "stage3_param_persistence_threshold",
        new Size(JobKey.PERSISTENCE_THRESHOLD, ZeroConfiguration.PERSISTENCE_THRESHOLD));
    return sizes;
  }

  /** Takes the sizes of a file that names a stage. */
  void read(Setting stage) {
    if (!job.has(JobKey.STRATEGY) || stage.whole() == 0) {
      return;
    }
    boolean third = stage.whole() == 3;
    Map<String, Size> sizes = new LinkedHashMap<>(BY_HIDDEN_SIZE);
    if (!third) {
      sizes.keySet().retainAll(Set.of(REDUCE_BUCKET));
    }
    Optional<Setting> auto =
        sizes.keySet().stream()
            .flatMap(name -> get(name).filter(ZeroSizes::isAuto).stream())
            .findFirst();
    job.reads(
        List.of(JobKey.ZERO_SIZES),
        () ->
            job.put(
                JobKey.ZERO_SIZES,
                auto.isPresent() ? ZeroConfig.AUTO : "default",
                auto.orElse(stage)));
    sizes.forEach((name, size) -> take(name, size, auto.isPresent(), stage));
    if (third) {
      get("stage3_max_live_parameters")
          .filter(setting -> !isAuto(setting))
          .ifPresent(setting -> put(JobKey.MAX_LIVE_PARAMETERS, setting));
      sayLeaves();
      sayFixed("sub_group_size", "the step is counted in groups of 1e9 parameters");
      sayFixed("stage3_max_reuse_distance", "parameters are counted as kept for 1e9 more");
    }
    overlaps(stage, third);
    sayContiguous();
  }

  /** What makes modules run as one beside those that the framework names. */
  private void sayLeaves() {
    Stream.of("leaf_module", "stage3_module_granularity_threshold")
        .flatMap(name -> get(name).stream())
        .filter(setting -> !isAuto(setting) && !setting.isIdle())
        .forEach(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    setting.key() + ": modules are gathered as without it"));
  }

  /**
   * Sizes that are counted as DeepSpeed has them where nothing is said (runtime/zero/config.py).
   */
  private void sayFixed(String name, String counted) {
    get(name)
        .filter(setting -> !isAuto(setting) && setting.number().compareTo(FIXED) != 0)
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    setting.key() + " is " + setting.shown() + ": " + counted));
  }

  private void sayContiguous() {
    get("contiguous_gradients")
        .filter(setting -> !isAuto(setting) && !setting.bool())
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    setting.key() + " is false: gradients are counted in buckets of fixed size"));
  }

  private void take(String name, Size size, boolean someAuto, Setting stage) {
    Optional<Setting> stated = get(name);
    if (stated.filter(setting -> !isAuto(setting)).isPresent()) {
      put(size.key(), stated.get());
    } else if (stated.isEmpty() && someAuto) {
      job.reads(List.of(size.key()), () -> job.put(size.key(), Math.toIntExact(size.own()), stage));
    }
  }

  /** {@code overlap_comm_valid}: stage 3 overlaps unless it is told not to. */
  private void overlaps(Setting stage, boolean third) {
    Optional<Setting> stated = get("overlap_comm").filter(setting -> !isAuto(setting));
    job.reads(
        List.of(JobKey.OVERLAP_COMM),
        () ->
            job.put(
                JobKey.OVERLAP_COMM,
                stated.map(Setting::bool).orElse(third),
                stated.orElse(stage)));
  }

  private void put(JobKey key, Setting from) {
    job.reads(List.of(key), () -> job.put(key, elements(from.number()), from));
  }

  /** A size without its fraction; larger ones than a job can say hold all there is. */
  private static int elements(BigDecimal size) {
    // A hidden size squared times 0.9 is a fraction, which DeepSpeed takes as int() does.
    return size.max(BigDecimal.valueOf(Integer.MIN_VALUE))
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  private static boolean isAuto(Setting setting) {
    return setting.shown().equals(ZeroConfig.AUTO);
  }

  private Optional<Setting> get(String name) {
    return file.apply(SECTION + name);
  }
}
