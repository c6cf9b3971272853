package dev.vramcast.formats.training.text;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trainers that a program derives from known ones: what they are told is told to these. */
final class OwnTrainers {

  private static final Pattern DERIVED =
      Pattern.compile("\\s*class (\\w+)\\((?:\\w+\\.)*(\\w*Trainer)\\s*[,)].*");

  private OwnTrainers() {}

  /** The program with calls of the known classes beside those of its own. */
  static TrainingFile beside(TrainingFile file, List<Node.Scalar> lines) {
    Map<String, Node> root = new LinkedHashMap<>(file.root().fields());
    for (Node.Scalar line : lines) {
      Matcher derived = DERIVED.matcher(String.valueOf(line.value()));
      if (derived.matches() && root.containsKey(derived.group(1))) {
        root.putIfAbsent(derived.group(2), root.get(derived.group(1)));
      }
    }
    return file.withRoot(new Node.Fields(root, file.root().mark()));
  }
}
