package dev.vramcast.answers.fit;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.range.Verdict;
import java.util.OptionalDouble;

/** What a job needs of a card, for programs. */
@Describes("What the job needs of the card.")
public record NeedRecord(
    @Describes(Meaning.VERDICT) Verdict verdict,
    @Describes(Meaning.VERDICT_WORDS) String verdictWords,
    @Describes(Meaning.CHANCE) OptionalDouble chance,
    @Describes(Meaning.NEEDED) long neededBytes,
    @Describes(Meaning.LOW) long lowBytes,
    @Describes(Meaning.HIGH) long highBytes,
    @Describes(Meaning.HEADROOM) long headroomBytes)
    implements Inline {

  public static NeedRecord of(FitCheck check) {
    return new NeedRecord(
        check.verdict(),
        Chance.verdict(check.verdict(), check.chance(), check.spareBytes() >= 0),
        check.chance(),
        check.deviceBytes(),
        check.range().lowBytes(),
        check.range().highBytes(),
        check.spareBytes());
  }
}
