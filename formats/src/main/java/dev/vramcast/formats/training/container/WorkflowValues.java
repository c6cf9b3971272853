package dev.vramcast.formats.training.container;

import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ${{ ... }}} of GitHub's workflows stands for: the first of a matrix, the default of
 * an input, or a variable. Anything else stays open.
 */
final class WorkflowValues {

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{([^{}]{1,500})}}");

  private static final Pattern OTHERWISE = Pattern.compile("(.{1,200}?)\\|\\|\\s*'([^']*)'\\s*");

  private static final List<String> TRIGGERS =
      List.of("inputs.", "on.workflow_dispatch.inputs.", "on.workflow_call.inputs.");

  private final Node.Fields root;

  WorkflowValues(Node.Fields root) {
    this.root = root;
  }

  /** A text that a shell reads, with values in it. */
  String filled(String text, Node.Fields job) {
    return replaced(text, job, UnaryOperator.identity());
  }

  /** A text that no shell reads, as it stands between double quotes of one. */
  String quoted(String text, Node.Fields job) {
    return replaced(text, job, plain -> plain.replaceAll("([\"\\\\$`])", "\\\\$1"));
  }

  private String replaced(String text, Node.Fields job, UnaryOperator<String> plain) {
    StringBuilder made = new StringBuilder();
    int at = 0;
    for (Matcher found = EXPRESSION.matcher(text); found.find(); at = found.end()) {
      made.append(plain.apply(text.substring(at, found.start())));
      String inner = found.group(1).strip();
      made.append(value(inner, job).map(plain).orElseGet(() -> variable(inner)));
    }
    return made.append(plain.apply(text.substring(at))).toString();
  }

  private Optional<String> value(String expression, Node.Fields job) {
    Matcher otherwise = OTHERWISE.matcher(expression);
    if (otherwise.matches()) {
      return value(otherwise.group(1).strip(), job).or(() -> Optional.of(otherwise.group(2)));
    }
    if (expression.startsWith("matrix.")) {
      return matrix(expression.substring("matrix.".length()), job);
    }
    String input = expression.replaceFirst("^(?:github\\.event\\.)?inputs\\.", "");
    return input.equals(expression)
        ? Optional.empty()
        : TRIGGERS.stream()
            .flatMap(section -> root.at(section + input + ".default").stream())
            .flatMap(node -> scalar(node).stream())
            .findFirst();
  }

  /** What is done first is done for the first of each list. */
  private static Optional<String> matrix(String path, Node.Fields job) {
    int dot = path.indexOf('.');
    String key = dot < 0 ? path : path.substring(0, dot);
    return job.at("strategy.matrix." + key)
        .flatMap(WorkflowValues::first)
        .or(
            () ->
                job.at("strategy.matrix.include")
                    .flatMap(WorkflowValues::first)
                    .flatMap(one -> within(one, key)))
        .flatMap(one -> dot < 0 ? Optional.of(one) : within(one, path.substring(dot + 1)))
        .flatMap(WorkflowValues::scalar);
  }

  private static Optional<Node> first(Node list) {
    return list instanceof Node.Items items ? items.items().stream().findFirst() : Optional.empty();
  }

  private static Optional<Node> within(Node node, String path) {
    return node instanceof Node.Fields fields ? fields.at(path) : Optional.empty();
  }

  private static Optional<String> scalar(Node node) {
    return node instanceof Node.Scalar && node.value() != null
        ? Optional.of(String.valueOf(node.value()))
        : Optional.empty();
  }

  /** {@code env.NAME} is NAME; what else is not known is one that nothing sets. */
  private static String variable(String expression) {
    String name = expression.replaceFirst("^env\\.", "");
    String known = name.equals(expression) ? expression.toUpperCase(Locale.ROOT) : name;
    return "${" + known.replaceAll("\\W+", "_") + '}';
  }
}
