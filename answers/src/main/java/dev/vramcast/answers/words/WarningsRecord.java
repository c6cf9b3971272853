package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.core.input.Notice;
import java.util.List;
import java.util.Optional;

/** What should be known of what was asked: as lines, and in parts. */
public record WarningsRecord(
    @Describes("What should be known of what was asked, one line each.") List<String> warnings,
    @ShownAs("warnings")
        @Describes(
            "The same in parts, for those who have other words for a field; only where any is.")
        Extra<List<NoticeRecord>> notices)
    implements Inline {

  /** Those of an answer. */
  public static WarningsRecord of(List<Notice> notices) {
    return new WarningsRecord(
        notices.stream().map(notice -> notice.line(ProgramWords.ALL)).toList(),
        Extra.of(
            Optional.of(notices)
                .filter(all -> !all.isEmpty())
                .map(all -> all.stream().map(NoticeRecord::of).toList())));
  }
}
