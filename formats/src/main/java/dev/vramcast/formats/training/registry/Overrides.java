package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command changes in the file that it trains by: {@code --key value}, {@code key=value},
 * which Hydra has pluses before where it is new, and {@code ~key}, where a key may be a path with
 * dots.
 *
 * @param given the words that may hold such values
 */
record Overrides(TrainingFile script, Command command, List<String> given) {

  private static final Pattern VALUE =
      Pattern.compile("\\+{0,2}([A-Za-z_][\\w.]*)=(.*)", Pattern.DOTALL);

  private static final Pattern REMOVED = Pattern.compile("~([A-Za-z_][\\w.]*)");

  /** torchtune's command, whose options are torchrun's. */
  static final String TORCHTUNE = "tune";

  private static final String COMPONENT = "_component_";

  TrainingFile over(TrainingFile file) {
    Map<String, Node> fields = new LinkedHashMap<>(file.root().fields());
    boolean torchtune = command.words().contains(TORCHTUNE);
    if (!torchtune) {
      script.root().fields().forEach((key, value) -> put(fields, key, unplaced(value)));
      fields.remove("config");
    }
    for (String word : given) {
      Matcher value = VALUE.matcher(word);
      Matcher removed = REMOVED.matcher(word);
      if (value.matches() && !value.group(1).equals("config")) {
        put(fields, value.group(1), new Node.Scalar(value.group(2), Mark.NONE));
      } else if (removed.matches()) {
        remove(fields, removed.group(1));
      }
    }
    return new TrainingFile(
        file.name(),
        Form.TREE,
        new Node.Fields(fields, file.root().mark()),
        script.named().command(),
        file.repeats(),
        torchtune ? header() : file.header(),
        script.given());
  }

  /** The command as a comment over a file shows it. */
  private String header() {
    StringBuilder header = new StringBuilder("# tune run");
    for (String option : List.of("nproc_per_node", "nnodes")) {
      script.node(option).ifPresent(node -> header.append(" --" + option + " " + text(node)));
    }
    command.words().stream()
        .filter(word -> !word.equals(TORCHTUNE) && !word.equals("run"))
        .forEach(word -> header.append(' ').append(word));
    return header.append(" --config").toString();
  }

  private static String text(Node node) {
    return node instanceof Node.Items items
        ? String.join(" ", items.items().stream().map(Overrides::text).toList())
        : String.valueOf(node.value());
  }

  /** The lines of a command are not those of the file. */
  private static Node unplaced(Node node) {
    return node instanceof Node.Items items
        ? new Node.Items(items.items().stream().map(Overrides::unplaced).toList(), Mark.NONE)
        : new Node.Scalar(node.value(), Mark.NONE);
  }

  /**
   * A text in place of an object names its class (torchtune/config/_utils.py
   * _merge_yaml_and_cli_args).
   */
  private static void put(Map<String, Node> fields, String path, Node value) {
    int dot = path.indexOf('.');
    Node there = fields.get(dot < 0 ? path : path.substring(0, dot));
    if (dot < 0 && there instanceof Node.Fields object && object.fields().containsKey(COMPONENT)) {
      put(fields, path + '.' + COMPONENT, value);
    } else if (dot < 0) {
      fields.put(path, value);
    } else {
      Map<String, Node> inner = new LinkedHashMap<>();
      if (there instanceof Node.Fields object) {
        inner.putAll(object.fields());
      }
      put(inner, path.substring(dot + 1), value);
      fields.put(
          path.substring(0, dot), new Node.Fields(inner, there == null ? Mark.NONE : there.mark()));
    }
  }

  private static void remove(Map<String, Node> fields, String path) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      fields.remove(path);
    } else if (fields.get(path.substring(0, dot)) instanceof Node.Fields object) {
      Map<String, Node> inner = new LinkedHashMap<>(object.fields());
      remove(inner, path.substring(dot + 1));
      fields.put(path.substring(0, dot), new Node.Fields(inner, object.mark()));
    }
  }
}
