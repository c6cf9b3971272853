package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.PythonCalls.Call;
import dev.vramcast.formats.python.PythonCalls.Program;
import dev.vramcast.formats.training.text.TrainingFile.Source;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a program takes from others beside it: constants, fields of classes, options, and calls in
 * functions that it calls. All of that stands in the line of the import.
 */
public final class Imports {

  private static final int DEEPEST = 3;
  private static final int MOST_MODULES = 20;
  private static final char DOT = '.';

  private final Function<String, Optional<TrainingFile>> lookup;
  private final Source program;
  private final Map<String, Node> constants = new LinkedHashMap<>();
  private final Set<Call> calls = new LinkedHashSet<>();

  private Imports(Function<String, Optional<TrainingFile>> lookup, Source program) {
    this.lookup = lookup;
    this.program = program;
  }

  /**
   * The file with what it imports; any other file as it is.
   *
   * @param lookup finds a file by its path
   */
  public static TrainingFile into(
      TrainingFile file, Function<String, Optional<TrainingFile>> lookup) {
    return into(file, lookup, 0);
  }

  private static TrainingFile into(
      TrainingFile file, Function<String, Optional<TrainingFile>> lookup, int depth) {
    return file.source()
        .filter(source -> depth < DEEPEST)
        .map(source -> new Imports(lookup, source).into(file, depth))
        .orElse(file);
  }

  private TrainingFile into(TrainingFile file, int depth) {
    int found = 0;
    for (Import taken : Import.of(program.lines())) {
      Optional<Program> module = found < MOST_MODULES ? module(taken, depth) : Optional.empty();
      if (module.isPresent()) {
        found++;
        take(taken, module.get());
      }
    }
    return constants.isEmpty() && calls.isEmpty()
        ? file
        : ProgramText.file(file.name(), program.lines(), constants, List.copyOf(calls))
            .with(file.given());
  }

  private Optional<Program> module(Import taken, int depth) {
    return lookup
        .apply(taken.path())
        .map(module -> into(module, lookup, depth + 1))
        .flatMap(TrainingFile::source)
        .map(Source::program);
  }

  private void take(Import taken, Program module) {
    Set<String> called =
        program.program().calls().stream().map(Call::name).collect(Collectors.toSet());
    if (!taken.alias().isEmpty()) {
      module
          .constants()
          .forEach((name, value) -> keep(taken.alias() + DOT + name, value, taken.line()));
      String prefix = taken.alias() + DOT;
      called.stream()
          .filter(name -> name.startsWith(prefix))
          .forEach(name -> run(name.substring(prefix.length()), module, taken.line()));
      return;
    }
    boolean all = taken.names().containsKey("*");
    module.constants().keySet().stream()
        .map(name -> name.substring(0, name.indexOf(DOT) < 0 ? name.length() : name.indexOf(DOT)))
        .distinct()
        .filter(name -> !name.isEmpty() && (all || taken.names().containsKey(name)))
        .forEach(name -> named(name, taken, module));
    taken
        .names()
        .forEach(
            (name, alias) -> {
              if (called.contains(alias)) {
                run(name, module, taken.line());
              }
            });
  }

  /** A constant, or a class with its fields, which its instances have too. */
  private void named(String name, Import taken, Program module) {
    String alias = taken.names().getOrDefault(name, name);
    module
        .constants()
        .forEach(
            (key, value) -> {
              if (key.equals(name)) {
                keep(alias, value, taken.line());
              } else if (key.startsWith(name + DOT)) {
                String field = key.substring(name.length());
                keep(alias + field, value, taken.line());
                keep(field, value, taken.line());
              }
            });
  }

  /** The calls of a function, of those that it calls, and the options that they define. */
  private void run(String function, Program module, int line) {
    Set<String> functions = new LinkedHashSet<>(List.of(function));
    List<Call> inside = new ArrayList<>();
    for (int before = 0; before < functions.size(); ) {
      before = functions.size();
      inside = module.calls().stream().filter(call -> functions.contains(call.function())).toList();
      inside.stream().map(Call::name).forEach(functions::add);
    }
    inside.forEach(call -> calls.add(at(call, line)));
    if (inside.stream().anyMatch(call -> call.name().endsWith(".add_argument"))) {
      module
          .constants()
          .forEach(
              (name, value) -> {
                if (name.charAt(0) == DOT) {
                  keep(name, value, line);
                }
              });
    }
  }

  private void keep(String name, Node value, int line) {
    constants.putIfAbsent(name, at(value, line));
  }

  private static Call at(Call call, int line) {
    Map<String, Node> arguments = new LinkedHashMap<>();
    call.arguments().forEach((name, value) -> arguments.put(name, at(value, line)));
    return new Call(call.name(), arguments, line, call.assigned(), call.model(), call.function());
  }

  private static Node at(Node node, int line) {
    Mark mark = Mark.of(line);
    if (node instanceof Node.Fields fields) {
      Map<String, Node> moved = new LinkedHashMap<>();
      fields.fields().forEach((name, value) -> moved.put(name, at(value, line)));
      return new Node.Fields(moved, mark);
    }
    return node instanceof Node.Items items
        ? new Node.Items(items.items().stream().map(item -> at(item, line)).toList(), mark)
        : new Node.Scalar(node.value(), mark);
  }
}
