package dev.vramcast.formats.training.imports;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of a program's modules is not followed because there is too much of it. */
public final class CutModules {

  private static final int MOST = 3;

  /** A comment among the lines of modules, which no file has there. */
  private static final String SAID = "#not followed: ";

  private CutModules() {}

  /** Lines for a program that say which of its modules are not read to their end. */
  static List<Node.Scalar> lines(String program, Set<String> cut) {
    return cut.stream()
        .limit(MOST)
        .map(
            file ->
                ModuleLines.of(
                    OwnNames.MOST_MODULES + 1,
                    program,
                    new Node.Scalar("", Mark.of(1)),
                    SAID + file))
        .toList();
  }

  /** A reading with what those lines say. */
  public static Reading said(TrainingFile program, Reading reading) {
    List<Finding> findings = new ArrayList<>(reading.findings());
    for (Node.Scalar line : program.lines()) {
      String text = String.valueOf(line.value());
      if (ModuleLines.isOne(line.line()) && text.startsWith(SAID)) {
        String file = text.substring(SAID.length());
        findings.add(
            Finding.of(
                FindingCode.NOT_FOLLOWED,
                new Setting(program.name(), file, new Node.Scalar(file, Mark.of(1))),
                Shown.oneLine(file),
                " is a module of the program that is not followed to its end: at most 20 modules,"
                    + " 20000 lines and 30 calls into each other are"));
      }
    }
    return findings.size() == reading.findings().size() ? reading : reading.with(findings);
  }
}
