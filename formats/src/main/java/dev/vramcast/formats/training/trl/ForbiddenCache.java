package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a program forbids its model a cache of keys and values: {@code model.config.use_cache =
 * False} before it trains, {@code use_cache=False} handed to {@code from_pretrained} or to the pass
 * itself (transformers, forward passes: an argument comes before the config).
 */
final class ForbiddenCache {

  /** The key under which it stands among the arguments. */
  static final String KEY = "use_cache";

  /** The config of the model, or one that a model is loaded with. */
  private static final Pattern SWITCH =
      Pattern.compile(
          "^(\\s*+)(?:self\\.)?+(?:model\\.(?:module\\.)?+|model_)?+config\\.use_cache"
              + "\\s*+=\\s*+(True|False)\\b");

  private static final Pattern TRAINS =
      Pattern.compile("^[^#]*(?:\\btrainer\\w*\\.train\\s*\\(|\\.backward\\s*\\()");

  private static final Pattern CONDITION = Pattern.compile("^\\s*+(?:el)?if\\b.*|^\\s*+else\\b.*");

  /** Calls whose argument says so: what loads the model, its config, and its pass. */
  private static final List<String> CALLS = List.of("AutoModel." + KEY, "model." + KEY);

  private ForbiddenCache() {}

  /**
   * What forbids it in a program; nothing where it does not, and where only a condition does.
   *
   * @param file a program, as it is given
   */
  static Optional<Node> in(TrainingFile file) {
    return Stream.concat(
            CALLS.stream().flatMap(call -> file.node(call).stream()),
            switched(file.lines()).stream())
        .filter(said -> Boolean.FALSE.equals(said.value()))
        .findFirst();
  }

  /** The last of the lines before the program trains that say so always. */
  private static Optional<Node> switched(List<Node.Scalar> lines) {
    Optional<Node> said = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      String text = text(lines, i);
      if (TRAINS.matcher(text).find()) {
        break;
      }
      Matcher found = SWITCH.matcher(text);
      if (found.find() && !isConditional(lines, i, found.group(1).length())) {
        said = Optional.of(new Node.Scalar(found.group(2).equals("True"), lines.get(i).mark()));
      }
    }
    return said;
  }

  /** Whether the block that a line stands in is one of a condition. */
  private static boolean isConditional(List<Node.Scalar> lines, int at, int indent) {
    for (int i = at - 1; i >= 0 && indent > 0; i--) {
      String above = text(lines, i);
      if (!above.isBlank() && above.length() - above.stripLeading().length() < indent) {
        return CONDITION.matcher(above).matches();
      }
    }
    return false;
  }

  private static String text(List<Node.Scalar> lines, int at) {
    return String.valueOf(lines.get(at).value());
  }
}
