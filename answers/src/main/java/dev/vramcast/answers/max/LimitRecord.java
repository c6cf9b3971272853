package dev.vramcast.answers.max;

import dev.vramcast.answers.fit.NeedRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.fit.Maximum;
import java.util.Optional;

/** {@link LimitReport} for programs. */
@Describes("The largest batch or the longest sequence that a card holds.")
public record LimitRecord(
    @Describes(Meaning.MODEL) String model,
    @Describes(Meaning.GPU) String card,
    @Describes("The key of the job that was searched.") String key,
    @Describes("The search goes no further.") int mostTried,
    @Describes("The most of which all of the range fits; null where nothing does.")
        Optional<Largest> forCertain,
    @Describes("The most of which the estimate fits; null where nothing does.")
        Optional<Largest> byTheEstimate,
    WarningsRecord warnings) {

  public static final String KIND = "max";

  /** What fits. */
  record Largest(@Describes("Of the key.") int value, NeedRecord need) {

    private static Largest of(Maximum maximum) {
      return new Largest(maximum.value(), NeedRecord.of(maximum.check()));
    }
  }

  static LimitRecord of(LimitReport report) {
    return new LimitRecord(
        report.model(),
        report.card(),
        report.key(),
        report.most(),
        report.sure().map(Largest::of),
        report.likely().map(Largest::of),
        WarningsRecord.of(report.warnings()));
  }
}
