package dev.vramcast.formats.training;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.input.tree.Node;
import java.util.Objects;

/** Values of settings in the words of the job document. */
final class PlainValues {

  private PlainValues() {}

  /** What a setting says about a key, as a job document would hold it. */
  static Object of(JobKey key, Setting from) {
    if (key == JobKey.MODEL_ID || key == JobKey.VALUE_MODEL || key == JobKey.TEACHER) {
      return from.model();
    }
    ValueKind kind = key.kind();
    if (kind instanceof ValueKind.Whole) {
      return from.whole();
    }
    if (kind instanceof ValueKind.Decimal) {
      return from.number();
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return from.bool();
    }
    if (kind.isList()) {
      return from.words();
    }
    return from.node() instanceof Node.Scalar
        ? from.text()
        : Objects.requireNonNull(from.node().value());
  }
}
