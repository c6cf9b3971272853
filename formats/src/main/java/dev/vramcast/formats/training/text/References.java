package dev.vramcast.formats.training.text;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OmegaConf's references: a value {@code ${path}} is that of another key of the file, and {@code
 * ${oc.select:path,default}} the default where there is no such key.
 */
public final class References {

  private static final Pattern WHOLE =
      Pattern.compile("\\$\\{(?:oc\\.select:)?([\\w.]{1,200})(?:,\\s*([^${},]{0,200}))?\\}");
  private static final int MOST_STEPS = 5;

  private References() {}

  /** The file with references in place of values followed; one that leads nowhere stays. */
  public static TrainingFile followed(TrainingFile file) {
    return file.withRoot(fields(file.root(), file.root()));
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
    return new Node.Fields(followed, section.mark());
  }

  private static Node value(Node node, Node.Fields root, int steps) {
    if (!(node.value() instanceof String text) || steps == 0) {
      return node;
    }
    Matcher reference = WHOLE.matcher(text);
    if (!reference.matches()) {
      return node;
    }
    Optional<Node> found = root.at(reference.group(1)).filter(Node.Scalar.class::isInstance);
    if (found.isPresent()) {
      return value(new Node.Scalar(found.get().value(), node.mark()), root, steps - 1);
    }
    String otherwise = reference.group(2);
    return otherwise == null ? node : new Node.Scalar(otherwise, node.mark());
  }
}
