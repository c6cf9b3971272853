package dev.vramcast.answers.max;

import dev.vramcast.answers.fit.NeedRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.fit.Change;
import dev.vramcast.core.fit.Lengthening;
import dev.vramcast.core.fit.Maximum;
import dev.vramcast.core.job.document.JobDocument;
import java.util.List;
import java.util.Optional;

/** {@link LimitReport} for programs. */
@Describes("The most of a batch, a sequence, an image or a generation that a card holds.")
public record LimitRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes(Meaning.GPU) String card,
    @Describes("The key of the job that was searched.") String key,
    @Describes("The search goes no further.") int mostTried,
    @Describes("The most of which all of the range fits; null where nothing does.")
        Optional<Largest> forCertain,
    @Describes("The most of which the estimate fits; null where nothing does.")
        Optional<Largest> byTheEstimate,
    @Describes("The job with the least value; null where something fits by the estimate.")
        Optional<Smallest> least,
    @Describes("Changes, each of which makes longer sequences fit, the longest first.")
        List<Longer> longer,
    WarningsRecord warnings) {

  public static final String KIND = "max";

  /** What fits. */
  record Largest(
      @Describes("Of the key; of an image a side in pixels, of a share hundredths.") int value,
      @Describes("Tokens of a sequence, images included.") int sequenceLength,
      NeedRecord need) {

    private static Largest of(Maximum maximum) {
      return new Largest(
          maximum.value(),
          maximum.check().resolution().job().batch().sequenceLength(),
          NeedRecord.of(maximum.check()));
    }
  }

  /** What does not fit. */
  record Smallest(
      @Describes("Of the key.") int value,
      NeedRecord need,
      @Describes("What would help most, for people.") String help) {

    private static Smallest of(Least least) {
      return new Smallest(least.value(), NeedRecord.of(least.check()), least.help());
    }
  }

  /** A change. */
  record Longer(
      @Describes("What is changed, for people.") String change,
      @Describes("What it costs, for people.") String cost,
      @Describes("Tokens of a sequence that fits by the estimate, in steps of 256.") int tokens,
      NeedRecord need,
      @Describes("The job after it.") JobDocument job) {

    private static Longer of(Lengthening each) {
      Change change = each.change();
      return new Longer(
          change.name(),
          change.cost(),
          each.tokens(),
          NeedRecord.of(each.check()),
          change.document());
    }
  }

  static LimitRecord of(LimitReport report) {
    return new LimitRecord(
        LimitSentence.of(report),
        report.model(),
        report.card(),
        report.sought().key().path(),
        report.most(),
        report.ends().sure().map(Largest::of),
        report.ends().likely().map(Largest::of),
        report.ends().least().map(Smallest::of),
        report.longer().stream().map(Longer::of).toList(),
        WarningsRecord.of(report.warnings()));
  }
}
