package dev.vramcast.answers.correction;

import dev.vramcast.answers.record.Describes;
import java.util.List;

/** {@link CorrectionsReport} for programs. */
@Describes("The corrections that are kept.")
public record CorrectionsRecord(
    @Describes("The file that they are kept in.") String file,
    @Describes("By name.") List<CorrectionRecord> corrections) {

  public static final String KIND = "corrections";

  static CorrectionsRecord of(CorrectionsReport report) {
    return new CorrectionsRecord(
        report.file(), report.corrections().stream().map(CorrectionRecord::of).toList());
  }
}
