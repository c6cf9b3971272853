package dev.vramcast.answers.rule;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.rule.RuleMethod;
import java.util.Optional;
import java.util.OptionalInt;

/** {@link RuleReport} for programs. */
@Describes("A rule of thumb for a model of which only the size is known.")
public record RuleOfThumbRecord(
    @Describes("What the answer is worth, one or two sentences.") String label,
    @Describes(Meaning.PARAMETERS) long parameters,
    @Describes(Meaning.ACTIVE_PARAMETERS) long activeParameters,
    @Describes("What is trained, and how.") String method,
    @Describes("Of the adapters; null under full training.") OptionalInt rank,
    @Describes("The class of sizes that decides the flat sums.") String sizeClass,
    @Describes("The card; null where none is named.") Optional<Card> gpu,
    @Describes("On one card.") Memory memory,
    WarningsRecord warnings) {

  public static final String KIND = "rule_of_thumb";

  /** The card. */
  record Card(
      @Describes(Meaning.GPU) String name,
      @Describes(Meaning.MEMORY) long memoryBytes,
      @Describes(Meaning.HEADROOM) long headroomBytes) {

    private static Card of(Gpu card, long total) {
      return new Card(card.name(), card.allocatableBytes(), card.allocatableBytes() - total);
    }
  }

  /** What is needed. */
  record Memory(@Describes("The sum of its parts.") long totalBytes, RulePartsRecord parts) {}

  static RuleOfThumbRecord of(RuleReport report, String label) {
    boolean full = report.method() == RuleMethod.FULL;
    long total = report.rule().totalBytes();
    return new RuleOfThumbRecord(
        label,
        report.size().parameters(),
        report.size().active(),
        report.method().label(),
        full ? OptionalInt.empty() : OptionalInt.of(report.rank()),
        report.rule().sizeClass().label(),
        report.gpu().map(card -> Card.of(card, total)),
        new Memory(total, RulePartsRecord.of(report.rule())),
        WarningsRecord.of(report.warnings()));
  }
}
