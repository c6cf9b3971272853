package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The DataLoader that a loop is over: by its name, through what prepares it or shows its progress,
 * through the function that makes it and the one that is handed it.
 */
final class LoopBatches {

  private static final Pattern LOADER = Pattern.compile("(?:\\w+\\.)*+DataLoader");

  private static final Pattern TRAINING = Pattern.compile("(?i).*train.*");

  private static final Pattern ASSIGNED =
      Pattern.compile("^\\s*+([\\w., ()]{1,400}?)\\s*+=(?!=)\\s*+(.*)");

  private static final Pattern CALL = Pattern.compile("(\\w++(?:\\.\\w++)*+)\\s*+\\((.*)\\)");

  /** Calls that give back what they are handed, each in its place. */
  private static final Pattern HANDS_BACK =
      Pattern.compile("(?:\\w++\\.)*?(?:prepare|tqdm|trange|iter|cycle|islice|enumerate|to)");

  private static final Pattern NAME = Pattern.compile("\\w++(?:\\.\\w++)*+");

  private static final Pattern KEYWORD = Pattern.compile("(\\w++)\\s*+=(?!=)\\s*+(.*)");

  /** Names that one is followed through. */
  private static final int MOST_STEPS = 6;

  private final LoopText text;
  private final LoopShape shape;

  private LoopBatches(LoopText text, LoopShape shape) {
    this.text = text;
    this.shape = shape;
  }

  /** The one call that makes the batches; nothing where there is none, or several. */
  static Optional<Call> loader(LoopText text, LoopShape shape, List<Call> calls) {
    List<Call> loaders =
        calls.stream().filter(call -> LOADER.matcher(call.name()).matches()).toList();
    return shape.iterated().contains("range") || loaders.isEmpty()
        ? Optional.empty()
        : new LoopBatches(text, shape).followed(loaders);
  }

  private Optional<Call> followed(List<Call> loaders) {
    List<String> names = shape.iterated();
    Set<String> seen = new HashSet<>(names);
    for (int step = 0; step < MOST_STEPS && !names.isEmpty(); step++) {
      List<String> here = names;
      List<Call> own =
          loaders.stream().filter(call -> here.stream().anyMatch(name -> is(call, name))).toList();
      if (!own.isEmpty()) {
        List<Call> training =
            own.stream().filter(call -> TRAINING.matcher(call.assigned()).matches()).toList();
        return Stream.of(own, training)
            .filter(found -> found.size() == 1)
            .map(found -> found.get(0))
            .findFirst();
      }
      names = names.stream().flatMap(this::sources).filter(seen::add).toList();
    }
    return Optional.empty();
  }

  /** Whether a name is that of a loader, or of the function that makes it. */
  private static boolean is(Call call, String name) {
    return call.assigned().equals(name)
        || !call.function().isEmpty()
            && call.function().equals(name.substring(name.lastIndexOf('.') + 1));
  }

  /** What a name stands for: what it is assigned, and what its function is handed for it. */
  private Stream<String> sources(String name) {
    Pattern word = Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w.])[^=]*+=(?!=)");
    Stream<String> assigned =
        text.with(word).stream()
            .map(text::statement)
            .map(ASSIGNED::matcher)
            .filter(Matcher::matches)
            .flatMap(found -> assigned(found.group(1), found.group(2), name));
    return Stream.concat(assigned, handed(name));
  }

  private static Stream<String> assigned(String targets, String value, String name) {
    List<String> names = Contexts.parts(targets.replace('(', ' ').replace(')', ' '));
    Matcher call = CALL.matcher(value.strip());
    if (!names.contains(name)) {
      return Stream.of();
    }
    if (!call.matches()) {
      return Stream.of(value.strip()).filter(other -> NAME.matcher(other).matches());
    }
    List<String> arguments = Contexts.parts(call.group(2));
    boolean back = HANDS_BACK.matcher(call.group(1)).matches();
    int place = names.size() > 1 ? names.indexOf(name) : 0;
    return back
        ? arguments.stream().skip(place).limit(1).filter(other -> NAME.matcher(other).matches())
        : Stream.of(call.group(1));
  }

  /** What the function around the loop is handed as a parameter, wherever it is called. */
  private Stream<String> handed(String name) {
    String function = text.function(shape.loop());
    if (function.isEmpty()) {
      return Stream.of();
    }
    Pattern called = Pattern.compile("(?<!\\w)" + function + "\\s*+\\(");
    List<Integer> rows = text.with(called);
    List<String> parameters =
        rows.stream()
            .map(text::statement)
            .filter(row -> row.matches("(?:async\\s++)?def\\b.*"))
            .findFirst()
            .map(row -> inside(row, called))
            .orElse(List.of())
            .stream()
            .map(parameter -> parameter.replaceAll("\\s*+[:=].*", ""))
            .filter(parameter -> !parameter.equals("self"))
            .toList();
    int place = parameters.indexOf(name);
    return place < 0
        ? Stream.of()
        : rows.stream()
            .map(text::statement)
            .filter(row -> !row.matches("(?:async\\s++)?def\\b.*"))
            .flatMap(row -> given(inside(row, called), name, place));
  }

  private static Stream<String> given(List<String> arguments, String name, int place) {
    List<String> found = new ArrayList<>();
    IntStream.range(0, arguments.size())
        .forEach(
            i -> {
              Matcher keyword = KEYWORD.matcher(arguments.get(i));
              boolean named = keyword.matches();
              if (named ? keyword.group(1).equals(name) : i == place) {
                found.add(named ? keyword.group(2).strip() : arguments.get(i));
              }
            });
    return found.stream().filter(other -> NAME.matcher(other).matches());
  }

  /** The parts between the brackets behind a name. */
  private static List<String> inside(String row, Pattern called) {
    Matcher found = called.matcher(row);
    if (!found.find()) {
      return List.of();
    }
    int depth = 1;
    int end = found.end();
    while (end < row.length() && depth > 0) {
      depth += row.charAt(end) == '(' ? 1 : row.charAt(end) == ')' ? -1 : 0;
      end++;
    }
    return Contexts.parts(row.substring(found.end(), depth == 0 ? end - 1 : end));
  }
}
