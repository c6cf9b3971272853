package dev.vramcast.answers.text;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.NoticeRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/** {@link NoRoom} for programs. */
@Describes("The verdict on a job that does not start on its card, so that there is no peak.")
public record NoRoomRecord(
    @Describes("Always does_not_fit.") Verdict verdict,
    @Describes("What has too little room, and how much would do.") String reason,
    @ShownAs("reason") NoticeRecord notice,
    WarningsRecord warnings) {

  public static final String KIND = "no_room";

  static NoRoomRecord of(NoRoom answer) {
    return new NoRoomRecord(
        Verdict.DOES_NOT_FIT,
        answer.reason().sentence(ProgramWords.ALL),
        NoticeRecord.of(answer.reason()),
        WarningsRecord.of(List.of()));
  }
}
