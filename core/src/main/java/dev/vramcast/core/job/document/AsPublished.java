package dev.vramcast.core.job.document;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Words of a job document in whose place stands what the model's own configuration and its loader
 * say, once they are known: who writes the document may not know it.
 */
public enum AsPublished implements Named {
  /** The dtype of the checkpoint, as {@code from_pretrained} takes it where dtype is "auto". */
  DTYPE("auto"),

  /** No autocast: everything is computed in the dtype in which the weights are loaded. */
  PRECISION("pure");

  private final String label;

  AsPublished(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * The document with values in place of these words.
   *
   * @param unsaid the dtype in which a job that says neither it nor a precision loads its weights
   */
  public static JobDocument settled(JobDocument document, Function<JobDocument, DataType> unsaid) {
    JobDocument loaded = settled(document, JobKey.MODEL_DTYPE, document::checkpointDtype);
    JobDocument open = loaded.without(List.of(JobKey.PRECISION));
    return settled(
        loaded,
        JobKey.PRECISION,
        () ->
            Precision.pure(
                loaded
                    .value(JobKey.MODEL_DTYPE, DataType.class)
                    .orElseGet(() -> unsaid.apply(open))));
  }

  private static JobDocument settled(
      JobDocument document, JobKey key, Supplier<? extends Enum<?>> value) {
    return document
        .entry(key)
        .filter(entry -> entry.value() instanceof AsPublished)
        .map(entry -> document.with(key, value.get(), entry.place()))
        .orElse(document);
  }
}
