package dev.vramcast.answers.correction;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.calibration.SavedCorrection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer whose figures are corrected, and says so.
 *
 * @param uncorrected what would be answered without
 */
public record CorrectedAnswer(Answer answer, SavedCorrection correction, Uncorrected uncorrected)
    implements Answer {

  /**
   * The figure that decides, before the correction.
   *
   * @param words for people
   * @param key for programs
   */
  public record Uncorrected(String words, String key, Object value) {}

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.title(CorrectionLines.title(correction));
    sections.sentence(CorrectionLines.factors(correction) + "; --no-corrections leaves it out");
    sections.sentence(uncorrected.words());
    List<String> lines = new ArrayList<>(answer.lines(terminal));
    lines.add("");
    lines.addAll(sections.lines());
    return lines;
  }

  @Override
  public Map<String, Object> json(String version) {
    Map<String, Object> json = new LinkedHashMap<>(answer.json(version));
    Map<String, Object> correctionJson = CorrectionJson.of(correction);
    correctionJson.put(uncorrected.key(), uncorrected.value());
    json.put("correction", correctionJson);
    return json;
  }

  @Override
  public List<String> warnings() {
    return answer.warnings();
  }
}
