package dev.vramcast.formats.training.imports;

import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.python.module.ModuleParts.Kind;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.python.module.UsedNames;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A program, or a module of it, with what its names stand for. */
final class OwnModule {

  /** {@code model = convert_to_lora(...)}. */
  private static final Pattern ASSIGNED = Pattern.compile("\\b(\\w+)[ \\t]*=[ \\t]*([\\w.]+)\\(");

  /** What is trained, or made ready for it. */
  private static final Pattern TRAINED =
      Pattern.compile(
          "(?:\\bmodel[ \\t]*=[ \\t]*|(?:Trainer|get_peft_model|prepare_model_for_kbit_training)"
              + "\\(\\s*)(\\w+)\\s*[,)]");

  private static final Pattern IMPORT = Pattern.compile("(?:from|import)[ \\t]");

  /** All of a module is imported. */
  private static final Pattern STAR = Pattern.compile("from[ \\t][^\\n]*\\*\\s*");

  private final TrainingFile file;
  private final int number;
  private final List<Part> parts;
  private final Map<String, List<Part>> named = new HashMap<>();

  /** What gives names a meaning, in order; those of its own have no import. */
  private final Map<String, Integer> given = new HashMap<>();

  /** Imports of names that are given another meaning later, by the statements that do so first. */
  private final IdentityHashMap<Part, Import> before = new IdentityHashMap<>();

  private final List<Import> events = new ArrayList<>();
  private final TreeMap<Integer, Import> stars = new TreeMap<>();

  /** Imports in blocks, by the names that they give: one of several may be what happens. */
  private final Map<String, Set<Import>> perhaps = new HashMap<>();

  private final IdentityHashMap<Part, Map<String, Set<Import>>> inside = new IdentityHashMap<>();
  private final IdentityHashMap<Part, UsedNames> used = new IdentityHashMap<>();
  private final Map<String, Set<String>> assigned = new HashMap<>();
  private final Set<String> trained = new HashSet<>();
  private final Set<String> names;
  private Set<String> settled = Set.of();
  private boolean read;
  private boolean searched;

  /**
   * A file by its statements.
   *
   * @param number which of the program's modules it is, from 0; -1 for the program
   */
  OwnModule(int number, TrainingFile file) {
    this.number = number;
    this.file = file;
    this.parts = ModuleParts.of(file.lines());
    this.names = ModuleParts.names(parts);
    parts.forEach(this::add);
  }

  private void add(Part part) {
    boolean plain = IMPORT.matcher(part.code()).lookingAt();
    if (plain || part.kind() == Kind.OTHER) {
      for (Import each : Imports.of(part.code())) {
        if (!plain) {
          perhaps.computeIfAbsent(each.as(), key -> new HashSet<>()).add(each);
        } else if (each.name().equals("*")) {
          stars.put(events.size(), each);
          events.add(each);
        } else {
          given.put(each.as(), events.size());
          events.add(each);
        }
      }
      return;
    }
    named.computeIfAbsent(part.name(), key -> new ArrayList<>()).add(part);
    if (part.kind() == Kind.DEFINES || part.kind() == Kind.GIVES) {
      Integer last = given.get(part.name());
      if (part.kind() == Kind.GIVES && last != null && !events.get(last).as().isEmpty()) {
        before.put(part, events.get(last));
      }
      given.put(part.name(), events.size());
      events.add(new Import(0, "", "", ""));
    }
    if (part.kind() == Kind.DEFINES && part.code().contains("import")) {
      Map<String, Set<Import>> own = new LinkedHashMap<>();
      Imports.of(part.code())
          .forEach(each -> own.computeIfAbsent(each.as(), key -> new HashSet<>()).add(each));
      inside.put(part, own);
    }
  }

  int number() {
    return number;
  }

  String name() {
    return file.name();
  }

  List<Part> parts() {
    return parts;
  }

  /** The statements that give a name its meaning, or change it. */
  List<Part> parts(String name) {
    return named.getOrDefault(name, List.of());
  }

  /** Whether it defines a name, or gives it a value. */
  boolean names(String name) {
    return names.contains(name);
  }

  /** Where among what gives names a meaning this one gets its last; -1 where nowhere. */
  int given(String name) {
    return given.getOrDefault(name, -1);
  }

  /** The import by which a name gets its meaning there; one of nothing for its own. */
  Import event(int at) {
    return events.get(at);
  }

  /** What {@code model} is to the right of {@code model = model.load()}; null for others. */
  @Nullable Import before(Part part, String name) {
    return part.name().equals(name) ? before.get(part) : null;
  }

  /** Imports of everything, the last first, that come after an import. */
  Iterable<Import> stars(int after) {
    return stars.tailMap(after, false).descendingMap().values();
  }

  /** Imports in blocks that may give a name its meaning. */
  Set<Import> perhaps(String name) {
    return perhaps.getOrDefault(name, Set.of());
  }

  /** Imports in a function that give a name its meaning there. */
  Set<Import> inside(Part part, String name) {
    return inside.getOrDefault(part, Map.of()).getOrDefault(name, Set.of());
  }

  /** The names that a statement uses. */
  UsedNames used(Part part) {
    return used.computeIfAbsent(part, key -> UsedNames.of(text(key)));
  }

  private static String text(Part part) {
    return part.lines().stream()
        .map(line -> String.valueOf(line.value()).replace('\n', ' '))
        .collect(Collectors.joining("\n"));
  }

  /** Whether what a function gives back is what is trained. */
  boolean trains(String dotted) {
    if (!searched) {
      searched = true;
      search(parts.stream().map(Part::code).collect(Collectors.joining()));
    }
    return assigned.getOrDefault(dotted, Set.of()).stream().anyMatch(trained::contains);
  }

  private void search(String code) {
    for (Matcher each = ASSIGNED.matcher(code); each.find(); ) {
      assigned.computeIfAbsent(each.group(2), key -> new HashSet<>()).add(each.group(1));
    }
    for (Matcher each = TRAINED.matcher(code); each.find(); ) {
      trained.add(each.group(1));
    }
  }

  /** Whether a statement is read: values that a module changes later are not known. */
  boolean isKept(Part part) {
    return switch (part.kind()) {
      case DEFINES -> true;
      case GIVES -> part.code().contains("(") || settled().contains(part.name());
      case CHANGES -> part.code().contains("add_argument") || part.code().contains("set_defaults");
      case OTHER -> false;
    };
  }

  private Set<String> settled() {
    if (!read) {
      List<Node.Scalar> lines =
          parts.stream()
              .filter(part -> !STAR.matcher(part.code()).matches())
              .flatMap(part -> part.lines().stream())
              .toList();
      settled = PythonCalls.program(lines, Told.NOTHING).settled();
      read = true;
    }
    return settled;
  }
}
