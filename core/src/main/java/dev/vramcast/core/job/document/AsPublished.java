package dev.vramcast.core.job.document;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;

/**
 * Words of a job document in whose place stands what the model's own configuration says, once the
 * model is known: who writes the document may not know it.
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

  /** The document with values in place of these words. */
  public static JobDocument settled(JobDocument document) {
    JobDocument loaded = settled(document, JobKey.MODEL_DTYPE, document.checkpointDtype());
    DataType dtype =
        loaded.value(JobKey.MODEL_DTYPE, DataType.class).orElseGet(document::checkpointDtype);
    return settled(loaded, JobKey.PRECISION, Precision.pure(dtype));
  }

  private static JobDocument settled(JobDocument document, JobKey key, Enum<?> value) {
    return document
        .entry(key)
        .filter(entry -> entry.value() instanceof AsPublished)
        .map(entry -> document.with(key, value, entry.place()))
        .orElse(document);
  }
}
