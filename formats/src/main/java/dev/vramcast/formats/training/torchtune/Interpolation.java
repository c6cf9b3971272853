package dev.vramcast.formats.training.torchtune;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OmegaConf's references: a value {@code ${path}} is that of another key of the file. */
final class Interpolation {

  private static final Pattern WHOLE = Pattern.compile("\\$\\{([\\w.]{1,200})\\}");
  private static final int MOST_STEPS = 5;

  private Interpolation() {}

  /** The file with references in place of values followed; one that leads nowhere stays. */
  static TrainingFile followed(TrainingFile file) {
    return new TrainingFile(
        file.name(),
        file.form(),
        fields(file.root(), file.root()),
        file.command(),
        file.repeats(),
        file.header());
  }

  private static Node.Fields fields(Node.Fields section, Node.Fields root) {
    Map<String, Node> followed = new LinkedHashMap<>();
    section
        .fields()
        .forEach(
            (name, node) ->
                followed.put(
                    name,
                    node instanceof Node.Fields inner
                        ? fields(inner, root)
                        : value(node, root, MOST_STEPS)));
    return new Node.Fields(followed, section.line());
  }

  private static Node value(Node node, Node.Fields root, int steps) {
    if (!(node.value() instanceof String text) || steps == 0) {
      return node;
    }
    Matcher reference = WHOLE.matcher(text);
    return reference.matches()
        ? root.at(reference.group(1))
            .filter(Node.Scalar.class::isInstance)
            .map(found -> value(new Node.Scalar(found.value(), node.line()), root, steps - 1))
            .orElse(node)
        : node;
  }
}
