package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Says which branches of a program were not read. */
final class LeftOut {

  private LeftOut() {}

  /** What a reader makes of a file, with an assumption for each branch that it was not shown. */
  static Reading said(TrainingFile file, Function<TrainingFile, Reading> reader) {
    Optional<Node> left = Optional.ofNullable(file.root().fields().get(TrainingFile.LEFT_OUT));
    if (left.isEmpty() || !(left.get() instanceof Node.Items branches)) {
      return reader.apply(file);
    }
    Map<String, Node> rest = new LinkedHashMap<>(file.root().fields());
    rest.remove(TrainingFile.LEFT_OUT);
    Reading reading = reader.apply(file.withRoot(new Node.Fields(rest, file.root().mark())));
    List<Finding> findings = new ArrayList<>(reading.findings());
    for (Node branch : branches.items()) {
      findings.add(
          Finding.of(
              FindingCode.ASSUMED,
              new Setting(file.name(), "if", branch),
              "this branch is left out: it does not run by the program's names and the defaults of"
                  + " its options"));
    }
    return reading.with(findings);
  }
}
