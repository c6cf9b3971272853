package dev.vramcast.answers.lint;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.PieceRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@link LintReport} for programs. */
@Describes("What was found in a training file, by line.")
public record LintRecord(
    @Describes("Name of the file.") String file,
    @Describes("What it is read as.") String format,
    @Describes("What was found, by line.") List<Found> findings,
    @Describes("The job that it describes, by the paths of its keys.") Map<String, Object> job) {

  public static final String KIND = "lint";

  /** A finding. */
  record Found(
      @Describes("What it is, as docs/training-files.md lists them.") String code,
      @Describes("warning, or note where nothing is wrong.") String severity,
      @Describes("Name of the file that it is in.") String file,
      @Describes("Line of the file; null where it is about none.") OptionalInt line,
      @Describes("Column of the line, in which the key begins; null where it is not known.")
          OptionalInt column,
      @Describes("The key of the file.") String key,
      @Describes("Its value, as the file has it.") String value,
      @Describes("One line about it.") String message,
      @ShownAs("message") @Describes("The message in parts: texts, and fields between them.")
          List<PieceRecord> sentence) {

    private static Found of(Finding finding) {
      return new Found(
          finding.code().label(),
          finding.code().isWarning() ? "warning" : "note",
          finding.file(),
          known(finding.mark().line()),
          known(finding.mark().column()),
          finding.key(),
          finding.value(),
          new Notice(Optional.empty(), finding.message()).sentence(ProgramWords.ALL),
          PieceRecord.of(finding.message(), ProgramWords.ALL));
    }

    private static OptionalInt known(int number) {
      return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    }
  }

  static LintRecord of(LintReport report) {
    Reading reading = report.reading();
    return new LintRecord(
        reading.file(),
        reading.format().label(),
        report.sorted().stream().map(Found::of).toList(),
        plain(reading.document()));
  }

  private static Map<String, Object> plain(JobDocument document) {
    Map<String, Object> values = new LinkedHashMap<>();
    document
        .entries()
        .forEach((key, entry) -> values.put(key.path(), key.kind().plain(entry.value())));
    return values;
  }
}
