package dev.vramcast.formats.correction;

import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Corrections as text: a section for each, with its name in brackets and a line for each value.
 * What people wrote between them stays as it is.
 */
public final class CorrectionFile {

  private static final Subject SAVE = new Subject.Flag("--save");
  private static final Subject FORGET = new Subject.Flag("--forget");

  private static final String HEAD =
      "# What vramcast calibrate --save keeps. Lines may be edited; vramcast calibrate --list reads"
          + " them.\n";

  private final String text;
  private final List<CorrectionSection> sections;

  private CorrectionFile(String text, List<CorrectionSection> sections) {
    this.text = text;
    this.sections = sections;
  }

  /** A file that is not there yet. */
  public static CorrectionFile empty() {
    return new CorrectionFile(HEAD, List.of());
  }

  /**
   * Reads the text of a file.
   *
   * @param source names the file in messages
   * @throws InputException with the line of what is wrong
   */
  public static CorrectionFile parse(String text, String source) {
    List<CorrectionSection> sections = new SectionParser(source).parse(text);
    return new CorrectionFile(text, sections);
  }

  /** What is kept, in the order of the file. */
  public List<SavedCorrection> corrections() {
    return sections.stream().map(CorrectionSection::correction).toList();
  }

  public String text() {
    return text;
  }

  /**
   * With one more correction at the end.
   *
   * @throws InputException when the name is taken
   */
  public CorrectionFile with(SavedCorrection correction) {
    if (names().contains(correction.name())) {
      throw InputError.of("a correction '", correction.name(), "' is kept already")
          .kind(ErrorKind.EXISTS)
          .hint("forget it by ", FORGET, ", or keep this one under another name by ", SAVE)
          .refusal();
    }
    String before = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    String more = SectionText.of(correction);
    return parse(before + "\n" + more, "the new file");
  }

  /**
   * Without the correction of a name.
   *
   * @throws InputException when there is none
   */
  public CorrectionFile without(String name) {
    CorrectionSection section =
        sections.stream()
            .filter(each -> each.correction().name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.subList(section.firstLine() - 1, section.lastLine()).clear();
    String rest = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    return parse(rest, "the new file");
  }

  private InputException unknown(String name) {
    String known = names().isEmpty() ? "none" : String.join(", ", names());
    return InputError.of("no correction ", Shown.given(name))
        .kind(ErrorKind.UNKNOWN)
        .given(name)
        .and(", kept: ", known)
        .near(name, names())
        .refusal();
  }

  private List<String> names() {
    return sections.stream().map(section -> section.correction().name()).toList();
  }
}
