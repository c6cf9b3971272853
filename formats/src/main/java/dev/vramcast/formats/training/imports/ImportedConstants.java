package dev.vramcast.formats.training.imports;

import dev.vramcast.formats.python.Program;
import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.nio.file.Path;
import java.util.HashMap;
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

/**
 * The constants of modules that a program imports by name, where Python would find the modules, and
 * as far as nothing in them gives the name another value.
 */
public final class ImportedConstants {

  private static final int MOST_MODULES = 20;
  private static final int MOST_IMPORTS = 1_000;

  private static final Pattern IMPORT =
      Pattern.compile(
          "(?m)^[ \\t]*from +(\\.*)([A-Za-z_][\\w.]*) +import +"
              + "(?:\\(([^()]{1,4000})\\)|([\\w, \\t]+))");

  /** What a name of a value looks like, and none of a function or class. */
  private static final Pattern VALUE =
      Pattern.compile("[A-Z][A-Z0-9_]*|(?i)\\w*(?:config|cfg|settings|defaults|params)");

  private final TrainingFile program;
  private final ModuleFiles files;
  private final Map<String, Map<String, Node>> modules = new LinkedHashMap<>();

  private ImportedConstants(TrainingFile program, ModuleFiles files) {
    this.program = program;
    this.files = files;
  }

  /**
   * By the names that the program imports.
   *
   * @param above how many folders above the program its command makes it a module of
   */
  public static Map<String, Node> of(
      TrainingFile program, int above, Function<String, Optional<TrainingFile>> lookup) {
    Optional<Path> path = ModuleFiles.path(program.name());
    return path.map(at -> new ImportedConstants(program, new ModuleFiles(at, above, lookup)).read())
        .orElse(Map.of());
  }

  private Map<String, Node> read() {
    Map<String, Node> known = new HashMap<>();
    StringBuilder text = new StringBuilder();
    program.lines().forEach(line -> text.append(String.valueOf(line.value())).append('\n'));
    Matcher found = IMPORT.matcher(text);
    Set<String> perhaps = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (int i = 0; i < MOST_IMPORTS && modules.size() < MOST_MODULES && found.find(); i++) {
      List<String> names = names(found.group(3) == null ? found.group(4) : found.group(3));
      if (!names.isEmpty()) {
        Map<String, Node> constants = constants(found.group(1).length(), found.group(2));
        boolean inBlock = Character.isWhitespace(found.group().charAt(0));
        for (String name : names) {
          if (known.containsKey(name) && (inBlock || perhaps.contains(name))) {
            open.add(name);
          } else if (constants.containsKey(name)) {
            known.put(name, constants.get(name));
          }
          if (inBlock) {
            perhaps.add(name);
          }
        }
      }
    }
    known.keySet().removeAll(open);
    return known;
  }

  private static List<String> names(String listed) {
    return Stream.of(listed.replaceAll("#[^\\n]*", "").split(","))
        .map(String::strip)
        .filter(name -> VALUE.matcher(name).matches())
        .toList();
  }

  /** A value with the name of the file that it stands in; empty where it is no plain one. */
  private static Optional<Node> placed(Node value, String file) {
    Mark mark = value.mark().in(file);
    if (value instanceof Node.Items items) {
      List<Node> all = items.items().stream().flatMap(item -> placed(item, file).stream()).toList();
      return Optional.of(new Node.Items(all, mark))
          .filter(made -> all.size() == items.items().size())
          .map(Node.class::cast);
    }
    if (value instanceof Node.Fields fields) {
      Map<String, Node> all = new LinkedHashMap<>();
      fields
          .fields()
          .forEach((key, each) -> placed(each, file).ifPresent(known -> all.put(key, known)));
      return Optional.of(new Node.Fields(all, mark));
    }
    boolean open = String.valueOf(value.value()).startsWith("<");
    return value instanceof Node.Scalar && !open
        ? Optional.of(new Node.Scalar(value.value(), mark))
        : Optional.empty();
  }

  private Map<String, Node> constants(int dots, String module) {
    return modules.computeIfAbsent(
        ".".repeat(dots) + module,
        key ->
            files
                .find(dots, module)
                .filter(file -> file.form() == Form.PROGRAM)
                .map(ImportedConstants::settled)
                .orElse(Map.of()));
  }

  private static Map<String, Node> settled(TrainingFile module) {
    Program read = PythonCalls.program(module.lines(), Told.NOTHING);
    Map<String, Node> constants = new HashMap<>();
    read.settled()
        .forEach(
            name ->
                Optional.ofNullable(read.constants().get(name))
                    .flatMap(value -> placed(value, module.name()))
                    .ifPresent(value -> constants.put(name, value)));
    return constants;
  }
}
