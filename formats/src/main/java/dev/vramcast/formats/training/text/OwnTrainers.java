package dev.vramcast.formats.training.text;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trainers that a program derives from known ones: what they are told is told to these. */
final class OwnTrainers {

  private static final Pattern CLASS = Pattern.compile("\\s*+class (\\w++)\\(");

  /** A class that another one may be derived from, with the module that it is named in. */
  private static final Pattern BASE = Pattern.compile("(?:\\w++\\.)*+(\\w++)");

  /** The arguments of TRL's trainers, by whose class that of a derived one is known. */
  private static final Pattern CONFIGURATION =
      Pattern.compile("(SFT|DPO|KTO|GRPO|RLOO|ORPO|CPO|Reward)Config");

  /** TRL's, of which one that a program derives from the Trainer has nothing but the name. */
  private static final String SUPERVISED = "SFTTrainer";

  private static final Set<String> PLAIN = Set.of("Trainer", "Seq2SeqTrainer");

  private static final Pattern TRAINER = Pattern.compile("[A-Z]\\w*Trainer");

  private OwnTrainers() {}

  /** The program with calls of the known classes beside those of its own. */
  static TrainingFile beside(TrainingFile file, List<Node.Scalar> lines) {
    Map<String, Node> root = new LinkedHashMap<>(file.root().fields());
    for (int i = lines.size() - 1; i >= 0; i--) {
      // From the last, as a class may be derived from another one above it.
      String line = String.valueOf(lines.get(i).value());
      Matcher declared = CLASS.matcher(line);
      if (declared.lookingAt() && root.containsKey(declared.group(1))) {
        Node told = root.get(declared.group(1));
        Optional<String> base = derivedFrom(line.substring(declared.end()));
        base.ifPresent(known -> root.putIfAbsent(known, told));
        if (declared.group(1).equals(SUPERVISED) && !root.containsKey("SFTConfig")) {
          base.filter(PLAIN::contains)
              .ifPresent(known -> root.put("_" + SUPERVISED, root.remove(SUPERVISED)));
        }
      }
    }
    elsewhere(root);
    return file.withRoot(new Node.Fields(root, file.root().mark()));
  }

  /**
   * The first trainer among the classes that one is derived from.
   *
   * @param bases what stands behind the opening bracket
   */
  private static Optional<String> derivedFrom(String bases) {
    int close = bases.indexOf(')');
    int end = close < 0 ? bases.lastIndexOf(',') : close;
    for (String each : bases.substring(0, Math.max(end, 0)).split(",")) {
      Matcher base = BASE.matcher(each.strip());
      if (!base.matches() || base.group(1).endsWith("Trainer")) {
        return base.matches() ? Optional.of(base.group(1)) : Optional.empty();
      }
    }
    return Optional.empty();
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
