package dev.vramcast.formats.training.container;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The steps of GitHub's workflows and composite actions that run commands. */
final class Workflow {

  private static final Node.Fields NOTHING = new Node.Fields(Map.of(), Mark.NONE);

  private static final String FOLDER = "defaults.run.working-directory";

  private static final Pattern SHELL = Pattern.compile("(?:bash|sh|zsh)\\b.*");

  private final TextRows rows;
  private final WorkflowValues values;
  private final PlacedScript script = new PlacedScript();

  private Workflow(Node.Fields root, String text) {
    this.rows = new TextRows(text);
    this.values = new WorkflowValues(root);
  }

  static boolean isOne(Node.Fields root) {
    return root.at("runs.steps").orElse(null) instanceof Node.Items
        || section(root, "jobs").fields().values().stream().anyMatch(Workflow::hasSteps);
  }

  static CarriedScript script(Node.Fields root, String text) {
    Workflow workflow = new Workflow(root, text);
    workflow.job(section(root, "runs"), root);
    for (Node job : section(root, "jobs").fields().values()) {
      if (job instanceof Node.Fields fields) {
        workflow.job(fields, root);
      }
    }
    return new CarriedScript(workflow.script, Map.of());
  }

  private static boolean hasSteps(Node job) {
    return job instanceof Node.Fields fields
        && fields.at("steps").orElse(null) instanceof Node.Items;
  }

  private static Node.Fields section(Node.Fields root, String path) {
    return root.at(path).orElse(NOTHING) instanceof Node.Fields fields ? fields : NOTHING;
  }

  private void job(Node.Fields job, Node.Fields root) {
    if (!hasSteps(job)) {
      return;
    }
    line(job, "(");
    environment(section(root, "env"), job);
    environment(section(job, "env"), job);
    job.at(FOLDER).or(() -> root.at(FOLDER)).ifPresent(path -> enter(path, job));
    for (Node step : ((Node.Items) job.at("steps").orElseThrow()).items()) {
      if (step instanceof Node.Fields fields) {
        step(fields, job);
      }
    }
    line(job, ")");
  }

  /** Each step has a shell of its own. */
  private void step(Node.Fields step, Node.Fields job) {
    Optional<Node> run = step.at("run").filter(node -> node.value() instanceof String);
    boolean shell = step.at("shell").filter(node -> !SHELL.matcher(text(node)).matches()).isEmpty();
    if (run.isPresent() && shell) {
      line(run.get(), "(");
      environment(section(step, "env"), job);
      step.at("working-directory").ifPresent(path -> enter(path, job));
      run(rows.first(run.get()), values.filled(text(run.get()), job));
      line(run.get(), ")");
    }
  }

  /** Rows of a block are those of the file, also where a value in them is filled in. */
  private void run(Mark first, String text) {
    String[] parts = text.split("\n", -1);
    for (int i = 0; i < parts.length; i++) {
      Mark mark = first.column() > 0 ? first : Mark.of(first.line() + i);
      script.lines(mark, parts[i], rows.all());
    }
  }

  private void enter(Node path, Node.Fields job) {
    line(path, "cd \"" + values.quoted(text(path), job) + '"');
  }

  private void environment(Node.Fields set, Node.Fields job) {
    set.fields()
        .forEach(
            (name, value) -> {
              if (name.matches("[A-Za-z_]\\w*") && value instanceof Node.Scalar) {
                line(value, "export " + name + "=\"" + values.quoted(text(value), job) + '"');
              }
            });
  }

  private void line(Node node, String text) {
    script.lines(Mark.of(node.line()), text, rows.all());
  }

  private static String text(Node node) {
    return String.valueOf(node.value());
  }
}
