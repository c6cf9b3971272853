package dev.vramcast.formats.training.text;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trainers that a program derives from known ones: what they are told is told to these. */
final class OwnTrainers {

  private static final Pattern DERIVED =
      Pattern.compile(
          "\\s*class (\\w+)\\((?:\\s*[\\w.]+\\s*,)*?\\s*(?:\\w+\\.)*(\\w*Trainer)\\s*[,)].*");

  /** The arguments of TRL's trainers, by whose class that of a derived one is known. */
  private static final Pattern CONFIGURATION =
      Pattern.compile("(SFT|DPO|KTO|GRPO|RLOO|ORPO|CPO|Reward)Config");

  private static final Pattern TRAINER = Pattern.compile("[A-Z]\\w*Trainer");

  private OwnTrainers() {}

  /** The program with calls of the known classes beside those of its own. */
  static TrainingFile beside(TrainingFile file, List<Node.Scalar> lines) {
    Map<String, Node> root = new LinkedHashMap<>(file.root().fields());
    for (int i = lines.size() - 1; i >= 0; i--) {
      // From the last, as a class may be derived from another one above it.
      Matcher derived = DERIVED.matcher(String.valueOf(lines.get(i).value()));
      if (derived.matches() && root.containsKey(derived.group(1))) {
        root.putIfAbsent(derived.group(2), root.get(derived.group(1)));
      }
    }
    elsewhere(root);
    return file.withRoot(new Node.Fields(root, file.root().mark()));
  }

  /** One that is derived in another module, beside the arguments of a known one. */
  private static void elsewhere(Map<String, Node> root) {
    Optional<String> known =
        root.keySet().stream()
            .map(CONFIGURATION::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1) + "Trainer")
            .findFirst();
    List<Node> own =
        root.entrySet().stream()
            .filter(call -> TRAINER.matcher(call.getKey()).matches())
            .filter(call -> call.getValue() instanceof Node.Fields told && isTold(told))
            .map(Map.Entry::getValue)
            .toList();
    if (known.isPresent() && own.size() == 1) {
      root.putIfAbsent(known.get(), own.get(0));
    }
  }

  private static boolean isTold(Node.Fields trainer) {
    return trainer.at("args").isPresent() && trainer.at("train_dataset").isPresent();
  }
}
