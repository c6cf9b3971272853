package dev.vramcast.answers.text;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.NoticeRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.Optional;

/** {@link NotModelled} for programs. */
@Describes("The verdict on a job that nobody can put figures to yet, without any figure.")
public record NotModelledRecord(
    @Describes("Always not_modelled.") Verdict verdict,
    @Describes("What of the job is not modelled; no figure is given in its place.") String reason,
    @Describes("Each thing that is not modelled.") List<Missing> missing,
    @ShownAs("reason") NoticeRecord notice,
    WarningsRecord warnings) {

  public static final String KIND = "not_modelled";

  /** Something that is not modelled. */
  record Missing(
      @Describes("The key of the job that asks for it, by its path; only where one does.")
          Extra<String> field,
      @Describes("Where that stands in a text that was given; only where it does.")
          Extra<String> place,
      @Describes("What it is, with its value and under which circumstances.") String what,
      @Describes("What would have to be known; only where that is said.") Extra<String> needed,
      @Describes("What is modelled in its place; only where that is said.")
          Extra<String> modelled) {

    private static Missing of(Gap gap) {
      return new Missing(
          Extra.of(gap.subject().map(it -> ProgramWords.ALL.name(it, Optional.empty()))),
          Extra.of(gap.place().flatMap(ProgramWords.ALL::place)),
          text(gap.what()),
          optionalText(gap.needed()),
          optionalText(gap.modelled()));
    }

    private static Extra<String> optionalText(Phrase phrase) {
      return phrase.isEmpty() ? Extra.none() : Extra.of(text(phrase));
    }

    private static String text(Phrase phrase) {
      return new Notice(Optional.empty(), phrase).sentence(ProgramWords.ALL);
    }
  }

  static NotModelledRecord of(NotModelled answer) {
    return new NotModelledRecord(
        Verdict.NOT_MODELLED,
        answer.reason().sentence(ProgramWords.ALL),
        answer.gaps().stream().map(Missing::of).toList(),
        NoticeRecord.of(answer.reason()),
        WarningsRecord.of(List.of()));
  }
}
