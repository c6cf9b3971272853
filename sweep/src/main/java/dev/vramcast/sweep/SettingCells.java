package dev.vramcast.sweep;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cells of a row that say what is estimated. */
final class SettingCells {

  /** Keys that have a column, or whose effect has. */
  private static final Set<JobKey> IN_COLUMNS =
      EnumSet.of(
          JobKey.MODEL_ID,
          JobKey.MODEL_CONFIG,
          JobKey.METHOD,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.PRECISION,
          JobKey.LORA_RANK,
          JobKey.OPTIMIZER_NAME,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.SEQUENCE_LENGTH,
          JobKey.CHECKPOINTING,
          JobKey.ATTENTION,
          JobKey.LOSS,
          JobKey.STRATEGY,
          JobKey.FRAMEWORK_NAME,
          JobKey.GPU,
          JobKey.GPU_COUNT,
          JobKey.EXAMPLES,
          JobKey.TOKENS_PER_EXAMPLE,
          JobKey.EPOCHS,
          JobKey.TOKENS);

  private SettingCells() {}

  /** A row with what a settled job decides. */
  static Object[] of(RequestedJob settled) {
    ResolvedJob job = settled.resolution().job();
    Object[] cells = new Object[Column.all().size()];
    set(cells, Column.MODEL, settled.model().id());
    set(cells, Column.METHOD, job.method().label());
    set(cells, Column.QUANTIZATION, job.quantization().scheme().label());
    set(cells, Column.PRECISION, job.precision().label());
    set(
        cells,
        Column.LORA_RANK,
        job.adapter().map(AdapterSettings::rank).filter(rank -> rank > 0).orElse(null));
    set(cells, Column.OPTIMIZER, job.optimizer().name().label());
    set(cells, Column.MICRO_BATCH, job.batch().microBatch());
    set(cells, Column.GRAD_ACCUM, job.batch().gradAccum());
    set(cells, Column.SEQUENCE_LENGTH, job.batch().sequenceLength());
    set(cells, Column.CHECKPOINTING, job.checkpointing().label());
    set(cells, Column.ATTENTION, job.attention().label());
    set(cells, Column.LOSS, job.loss().label());
    set(cells, Column.STRATEGY, job.parallelism().strategy().label());
    set(cells, Column.FRAMEWORK, job.framework().name());
    set(cells, Column.OTHER_SETTINGS, others(settled.document()));
    set(cells, Column.GPU_COUNT, job.parallelism().gpus());
    return cells;
  }

  /** What is known of a job that cannot be settled: what it says itself. */
  static Object[] unsettled(JobDocument document) {
    Object[] cells = new Object[Column.all().size()];
    coverage(cells, Column.MODEL, document, JobKey.MODEL_ID);
    coverage(cells, Column.METHOD, document, JobKey.METHOD);
    coverage(cells, Column.QUANTIZATION, document, JobKey.QUANTIZATION_SCHEME);
    coverage(cells, Column.PRECISION, document, JobKey.PRECISION);
    coverage(cells, Column.LORA_RANK, document, JobKey.LORA_RANK);
    coverage(cells, Column.OPTIMIZER, document, JobKey.OPTIMIZER_NAME);
    coverage(cells, Column.MICRO_BATCH, document, JobKey.MICRO_BATCH);
    coverage(cells, Column.GRAD_ACCUM, document, JobKey.GRAD_ACCUM);
    coverage(cells, Column.SEQUENCE_LENGTH, document, JobKey.SEQUENCE_LENGTH);
    coverage(cells, Column.CHECKPOINTING, document, JobKey.CHECKPOINTING);
    coverage(cells, Column.ATTENTION, document, JobKey.ATTENTION);
    coverage(cells, Column.LOSS, document, JobKey.LOSS);
    coverage(cells, Column.STRATEGY, document, JobKey.STRATEGY);
    coverage(cells, Column.FRAMEWORK, document, JobKey.FRAMEWORK_NAME);
    set(cells, Column.OTHER_SETTINGS, others(document));
    coverage(cells, Column.GPU, document, JobKey.GPU);
    coverage(cells, Column.GPU_COUNT, document, JobKey.GPU_COUNT);
    return cells;
  }

  static void set(Object[] cells, Column column, @Nullable Object value) {
    cells[column.ordinal()] = value instanceof Integer whole ? Long.valueOf(whole) : value;
  }

  private static void coverage(Object[] cells, Column column, JobDocument document, JobKey key) {
    document
        .entry(key)
        .map(JobDocument.Entry::value)
        .map(value -> value instanceof Integer ? value : Shown.value(value))
        .ifPresent(value -> set(cells, column, value));
  }

  private static @Nullable String others(JobDocument document) {
    String others =
        document.entries().values().stream()
            .filter(entry -> !IN_COLUMNS.contains(entry.key()))
            .map(entry -> entry.key().path() + "=" + Shown.value(entry.value()))
            .collect(Collectors.joining("; "));
    return others.isEmpty() ? null : others;
  }
}
