package dev.vramcast.formats.training.registry;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.python.Told;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trl.TrlReader;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a program finds when it starts: the variables of the environment that its command sets, the
 * number of processes among them, and the constants of modules beside it that it imports by name.
 */
final class Surroundings {

  private static final int MOST_MODULES = 20;

  private static final Pattern IMPORT =
      Pattern.compile(
          "(?m)^[ \\t]*from +\\.*([A-Za-z_][\\w.]*) +import +"
              + "(?:\\(([^()]{1,4000})\\)|([\\w, \\t]+))");

  /** What a name of a value looks like, and none of a function or class. */
  private static final Pattern VALUE =
      Pattern.compile("[A-Z][A-Z0-9_]*|(?i)\\w*(?:config|cfg|settings|defaults|params)");

  /** A name of a module that gets its value once, outside of functions and classes. */
  private static final Pattern CONSTANT =
      Pattern.compile("^([A-Za-z_]\\w*)\\s*(?::[^=]+)?=(?!=).*");

  private Surroundings() {}

  static Map<String, Node> of(
      TrainingFile program, TrainingFile script, Function<String, Optional<TrainingFile>> lookup) {
    Map<String, Node> beside = new LinkedHashMap<>(imported(program, lookup));
    Map<String, Node> variables =
        script.command().map(command -> command.environment()).orElse(Map.of());
    variables.keySet().stream()
        .filter(name -> name.startsWith(ShellCommand.EXPORTED))
        .map(name -> name.substring(ShellCommand.EXPORTED.length()))
        .forEach(name -> variable(name, variables.get(name), beside));
    JobBuilder job = new JobBuilder(script, TrlReader.KEYS.open());
    new LauncherOptions(job, script).read();
    job.whole(JobKey.GPU_COUNT)
        .ifPresent(
            count ->
                beside.put(
                    Told.VARIABLE + "WORLD_SIZE",
                    new Node.Scalar(String.valueOf(count), Mark.NONE)));
    return beside;
  }

  private static void variable(String name, @Nullable Node value, Map<String, Node> into) {
    if (value != null && value.value() != null && !String.valueOf(value.value()).contains("$")) {
      into.put(Told.VARIABLE + name, new Node.Scalar(String.valueOf(value.value()), value.mark()));
    }
  }

  /** What a program imports by name from modules that lie below its folder, or above it. */
  static Map<String, Node> imported(
      TrainingFile program, Function<String, Optional<TrainingFile>> lookup) {
    Map<String, Node> known = new LinkedHashMap<>();
    Map<String, Map<String, Node>> modules = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    program.lines().forEach(line -> text.append(String.valueOf(line.value())).append('\n'));
    for (Matcher found = IMPORT.matcher(text); found.find() && modules.size() < MOST_MODULES; ) {
      String listed = found.group(2) == null ? found.group(3) : found.group(2);
      List<String> names =
          Stream.of(listed.replaceAll("#[^\\n]*", "").split(","))
              .map(String::strip)
              .filter(name -> VALUE.matcher(name).matches())
              .toList();
      if (!names.isEmpty()) {
        Map<String, Node> constants =
            modules.computeIfAbsent(found.group(1), module -> constants(module, lookup));
        Mark mark = mark(program, text, found.start());
        names.forEach(
            name ->
                Optional.ofNullable(constants.get(name))
                    .flatMap(value -> placed(value, mark))
                    .ifPresent(value -> known.put(name, value)));
      }
    }
    return known;
  }

  /** Whether a value that is left open has one of some names in it. */
  static boolean isOpen(Node node, Set<String> names) {
    if (node instanceof Node.Fields fields) {
      return fields.fields().values().stream().anyMatch(value -> isOpen(value, names));
    }
    if (node instanceof Node.Items items) {
      return items.items().stream().anyMatch(value -> isOpen(value, names));
    }
    String text = String.valueOf(node.value());
    return text.startsWith("<") && names.stream().anyMatch(text::contains);
  }

  private static Mark mark(TrainingFile program, CharSequence text, int at) {
    int row = (int) text.subSequence(0, at).chars().filter(c -> c == '\n').count();
    return program.lines().get(Math.min(row, program.lines().size() - 1)).mark();
  }

  /** A value where it is imported; empty where it is no plain one. */
  private static Optional<Node> placed(Node value, Mark mark) {
    if (value instanceof Node.Items items) {
      List<Node> all = items.items().stream().flatMap(item -> placed(item, mark).stream()).toList();
      return Optional.of(new Node.Items(all, mark))
          .filter(made -> all.size() == items.items().size())
          .map(Node.class::cast);
    }
    if (value instanceof Node.Fields fields) {
      Map<String, Node> all = new LinkedHashMap<>();
      fields
          .fields()
          .forEach((key, each) -> placed(each, mark).ifPresent(known -> all.put(key, known)));
      return Optional.of(new Node.Fields(all, mark));
    }
    boolean open = String.valueOf(value.value()).startsWith("<");
    return value instanceof Node.Scalar && !open
        ? Optional.of(new Node.Scalar(value.value(), mark))
        : Optional.empty();
  }

  private static Map<String, Node> constants(
      String module, Function<String, Optional<TrainingFile>> lookup) {
    Optional<TrainingFile> file =
        lookup
            .apply(module.replace('.', '/') + ".py")
            .filter(found -> found.form() == Form.PROGRAM);
    Map<String, Node> once = new LinkedHashMap<>();
    if (file.isEmpty()) {
      return once;
    }
    Map<String, Node> all = PythonCalls.program(file.get().lines(), Told.NOTHING).constants();
    Set<String> twice = new HashSet<>();
    for (Node.Scalar line : file.get().lines()) {
      Matcher constant = CONSTANT.matcher(String.valueOf(line.value()));
      Node value = constant.matches() ? all.get(constant.group(1)) : null;
      if (value != null && once.put(constant.group(1), value) != null) {
        twice.add(constant.group(1));
      }
    }
    once.keySet().removeAll(twice);
    return once;
  }
}
