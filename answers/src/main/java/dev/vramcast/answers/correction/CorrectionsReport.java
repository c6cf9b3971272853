package dev.vramcast.answers.correction;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.calibration.SavedCorrection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The corrections that are kept.
 *
 * @param file that they are kept in
 */
public record CorrectionsReport(String file, List<SavedCorrection> corrections) implements Answer {

  public CorrectionsReport {
    corrections = List.copyOf(corrections);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    if (corrections.isEmpty()) {
      sections.title("No corrections are kept in " + file);
    }
    for (SavedCorrection saved : corrections) {
      Map<String, String> jobs = saved.scope().code();
      sections.title(saved.name());
      sections.sentence(
          "from " + saved.run() + " of " + saved.date() + ", vramcast " + saved.version());
      sections.sentence(CorrectionLines.factors(saved));
      sections.sentence(
          "for "
              + jobs.entrySet().stream()
                  .map(each -> each.getKey() + " " + each.getValue())
                  .collect(Collectors.joining(", ")));
    }
    return sections.lines();
  }

  @Override
  public Record record() {
    return CorrectionsRecord.of(this);
  }
}
