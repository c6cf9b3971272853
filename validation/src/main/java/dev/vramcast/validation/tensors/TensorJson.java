package dev.vramcast.validation.tensors;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** All differences between an estimate and a run, for programs. */
public final class TensorJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private TensorJson() {}

  /** A case. */
  record ComparisonRecord(
      @Describes("Name of the case.") String id,
      @Describes("The phase whose peak is compared.") Phase phase,
      @Describes("Alive by the estimate.") long estimatedBytes,
      @Describes("Alive in the run.") long measuredBytes,
      @Describes("The largest first.") List<DifferenceRecord> differences) {}

  /** Tensors of a size, of which there are not as many. */
  record DifferenceRecord(
      @Describes("Their dtype.") String dtype,
      @Describes("Elements of each.") long elements,
      @Describes("By how much the estimate is too high.") long bytes,
      @Describes("How many there are by the estimate.") long estimatedCount,
      @Describes("How many there are in the run.") long measuredCount,
      @Describes("What they are by the estimate.") List<String> estimated,
      @Describes("What they are in the run.") List<String> measured) {

    private static DifferenceRecord of(TensorDifference difference) {
      return new DifferenceRecord(
          difference.dtype(),
          difference.elements(),
          difference.bytes(),
          difference.estimatedCount(),
          difference.measuredCount(),
          difference.estimated(),
          difference.measured());
    }
  }

  public static String of(TensorComparison comparison) {
    ComparisonRecord all =
        new ComparisonRecord(
            comparison.id(),
            comparison.phase(),
            comparison.estimatedBytes(),
            comparison.measuredBytes(),
            comparison.differences().stream().map(DifferenceRecord::of).toList());
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(RecordJson.of(all)) + "\n";
  }
}
