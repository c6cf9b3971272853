package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.python.module.ModuleParts.Kind;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of a program that its run passes through, without texts and comments: those of functions
 * and classes that it comes by, and up to where it has trained.
 */
final class RunLines {

  private static final Pattern BESIDE =
      Pattern.compile(
          "(?i)_*(?:eval|infer|generat|predict|test_|merge|export|chat|serve|plot|save|push|judge"
              + "|benchmark|compare|demo|sample).*");

  private static final Pattern TRAINS =
      Pattern.compile("(?i:trainer)\\s*\\.\\s*(?:train|fit)\\s*\\(");

  /** Of a trainer that has no name. */
  private static final Pattern TRAINS_AT_ONCE = Pattern.compile("\\)\\s*\\.\\s*train\\s*\\(");

  private static final Pattern MAKES_TRAINER = Pattern.compile("Trainer\\s*\\(");

  private static final Pattern FUNCTION = Pattern.compile("(?:async\\s+)?def\\s");

  private static final Pattern NO_CODE = Pattern.compile("(?s)(?:[!%]|import |from ).*");

  /** {@code {"load_in_4bit": True}}, whose keys are names of arguments. */
  private static final Pattern KEY = Pattern.compile("[\"'](\\w{1,40})[\"']\\s*:\\s*True\\b");

  private static final Pattern SOME_KEY = Pattern.compile("(?:\"\"|'')\\s*:\\s*True\\b");

  private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

  private final Set<Integer> left = new HashSet<>();
  private final List<Piece> pieces = new ArrayList<>();

  /** A statement outside of others, with the lines of it that count. */
  private record Piece(Part part, List<Node.Scalar> lines) {

    boolean defines() {
      return part.kind() == Kind.DEFINES;
    }

    boolean has(Pattern words) {
      return lines.stream().anyMatch(line -> words.matcher(text(line)).find());
    }

    /** What is not called by its name: a command, or a function of a module. */
    boolean runsByItself() {
      return !defines()
          || part.code().startsWith("@") && !part.code().startsWith("@dataclass")
          || part.lines().stream().anyMatch(line -> ModuleLines.isOne(line.line()));
    }
  }

  private RunLines(TrainingFile file) {
    if (file.root().fields().get(TrainingFile.LEFT_OUT) instanceof Node.Items items) {
      items.items().forEach(item -> left.add(item.line()));
    }
    List<Part> parts = ModuleParts.of(file.lines());
    int last = -1;
    for (int i = 0; i < parts.size(); i++) {
      String code = parts.get(i).code();
      last = parts.get(i).kind() != Kind.DEFINES && trains(code, code) ? i : last;
    }
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      boolean evaluates = part.kind() == Kind.DEFINES && BESIDE.matcher(part.name()).matches();
      boolean behind = last >= 0 && i > last && part.kind() != Kind.DEFINES && !isOfModule(part);
      if (!evaluates && !behind) {
        pieces.add(new Piece(part, lines(part)));
      }
    }
  }

  static List<Node.Scalar> of(TrainingFile file) {
    return new RunLines(file).reached();
  }

  private static boolean isOfModule(Part part) {
    return part.lines().stream().anyMatch(line -> ModuleLines.isOne(line.line()));
  }

  private static boolean trains(String row, String statement) {
    return TRAINS.matcher(row).find()
        || TRAINS_AT_ONCE.matcher(row).find() && MAKES_TRAINER.matcher(statement).find();
  }

  private static String text(Node.Scalar line) {
    return String.valueOf(line.value());
  }

  /** Those of a statement that may run, and stand before the end of the last training in it. */
  private List<Node.Scalar> lines(Part part) {
    String[] rows = part.code().split("\n", -1);
    int[] functions = functions(rows);
    Map<Integer, Integer> trained = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      if (trains(rows[i], part.code())) {
        trained.put(functions[i], i);
      }
    }
    List<Node.Scalar> lines = new ArrayList<>();
    int skipped = -1;
    for (int i = 0; i < part.lines().size() && i < rows.length; i++) {
      Node.Scalar line = part.lines().get(i);
      int indent = indent(rows[i]);
      skipped = skipped >= 0 && !rows[i].isBlank() && indent <= skipped ? -1 : skipped;
      skipped = left.contains(line.line()) ? indent : skipped;
      boolean done = i > trained.getOrDefault(functions[i], rows.length);
      if (skipped < 0 && !done && !NO_CODE.matcher(rows[i].stripLeading()).matches()) {
        lines.add(
            new Node.Scalar(rows[i] + keys(rows[i], text(line)), ModuleLines.place(line.mark())));
      }
    }
    return lines;
  }

  /** The row that the function around each begins in; -1 outside of all. */
  private static int[] functions(String[] rows) {
    int[] functions = new int[rows.length];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < rows.length; i++) {
      while (!open.isEmpty()
          && !rows[i].isBlank()
          && indent(rows[i]) <= indent(rows[open.getLast()])
          && !")]}".contains(rows[i].strip().substring(0, 1))) {
        open.removeLast();
      }
      if (FUNCTION.matcher(rows[i].stripLeading()).lookingAt()) {
        open.addLast(i);
      }
      functions[i] = open.isEmpty() ? -1 : open.getLast();
    }
    return functions;
  }

  private static int indent(String row) {
    return row.length() - row.stripLeading().length();
  }

  /** What a dictionary says, as arguments. */
  private static String keys(String row, String text) {
    StringBuilder keys = new StringBuilder();
    if (SOME_KEY.matcher(row).find()) {
      for (Matcher key = KEY.matcher(text); key.find(); ) {
        keys.append("; ").append(key.group(1)).append("=True");
      }
    }
    return keys.toString();
  }

  /** Lines of what runs by itself, and of what is named in lines that are reached. */
  private List<Node.Scalar> reached() {
    Map<String, List<Piece>> byName = new HashMap<>();
    pieces.stream()
        .filter(Piece::defines)
        .forEach(
            piece ->
                byName.computeIfAbsent(piece.part().name(), n -> new ArrayList<>()).add(piece));
    Set<Piece> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    reach(pieces.stream().filter(Piece::runsByItself).toList(), byName, reached);
    for (Pattern job : List.of(TRAINS, MAKES_TRAINER)) {
      if (reached.stream().noneMatch(piece -> piece.has(job))) {
        reach(pieces.stream().filter(piece -> piece.has(job)).toList(), byName, reached);
      }
    }
    boolean runs = reached.stream().anyMatch(piece -> piece.has(MAKES_TRAINER));
    return pieces.stream()
        .filter(piece -> !runs || reached.contains(piece))
        .flatMap(piece -> piece.lines().stream())
        .toList();
  }

  private static void reach(List<Piece> from, Map<String, List<Piece>> byName, Set<Piece> reached) {
    Deque<Piece> next = new ArrayDeque<>(from);
    while (!next.isEmpty()) {
      Piece piece = next.removeFirst();
      if (reached.add(piece)) {
        for (Node.Scalar line : piece.lines()) {
          for (Matcher word = WORD.matcher(text(line)); word.find(); ) {
            next.addAll(Objects.requireNonNullElse(byName.remove(word.group()), List.of()));
          }
        }
      }
    }
  }
}
