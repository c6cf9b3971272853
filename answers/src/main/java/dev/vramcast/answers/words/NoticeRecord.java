package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.core.input.Notice;
import java.util.List;

/** A {@link Notice} in parts. */
@Describes("A sentence in parts, for those who have other words for a field.")
public record NoticeRecord(
    @Describes("Where what it is about stands, as file:line:column; only where it does.")
        Extra<String> place,
    @Describes("Texts, and fields between them.") List<PieceRecord> sentence) {

  /** Its parts. */
  public static NoticeRecord of(Notice notice) {
    return new NoticeRecord(
        Extra.of(notice.place().flatMap(ProgramWords.ALL::place)),
        PieceRecord.of(notice.sentence(), ProgramWords.ALL));
  }
}
