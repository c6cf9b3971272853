package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Configurations that a program makes and never uses, beside others of their class: it may only try
 * whether a release of a library takes an argument.
 */
public final class UnusedConfigurations {

  private static final Pattern CLASS = Pattern.compile("(?:\\w+\\.)*+\\w+Config");

  /** A line behind which a value goes on in the next one. */
  private static final Pattern OPEN =
      Pattern.compile(
          ".*(?:[(\\[{,=\\\\+|&]|['\"]\\s*+:"
              + "|\\b(?:else|or|and|not|if|in|return|await|yield))\\s*(?:#.*)?");

  /** A word that is no attribute, and that no value is assigned to. */
  private static final Pattern READ = Pattern.compile("(?<![\\w.])\\w++(?!\\s*+=(?!=))");

  private UnusedConfigurations() {}

  /**
   * The calls without those that make such configurations.
   *
   * @param lines of source that they stand in
   */
  public static List<Call> left(List<Call> calls, List<Node.Scalar> lines) {
    Map<String, Long> times =
        calls.stream()
            .filter(call -> CLASS.matcher(call.name()).matches())
            .collect(Collectors.groupingBy(Call::name, Collectors.counting()));
    if (times.values().stream().noneMatch(count -> count > 1)) {
      return calls;
    }
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      places.putIfAbsent(lines.get(i).line(), i);
    }
    Set<String> read =
        lines.stream()
            .flatMap(line -> READ.matcher(String.valueOf(line.value())).results())
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    List<Call> used =
        calls.stream()
            .filter(
                call ->
                    times.getOrDefault(call.name(), 0L) < 2
                        || !isUnused(call, places.getOrDefault(call.line(), -1), lines, read))
            .toList();
    boolean others =
        times.keySet().stream()
            .allMatch(name -> used.stream().anyMatch(call -> call.name().equals(name)));
    return others ? used : calls;
  }

  /** Whether the call at a line makes what no word that is read anywhere names. */
  private static boolean isUnused(Call call, int at, List<Node.Scalar> lines, Set<String> read) {
    if (at < 0) {
      return false;
    }
    String row = text(lines, at).strip();
    if (call.assigned().isEmpty()) {
      return row.startsWith(call.name() + "(") && row.endsWith(")") && !isOpen(lines, at - 1);
    }
    return call.assigned().matches("\\w+")
        && row.startsWith(call.assigned())
        && !read.contains(call.assigned());
  }

  /** Whether a value goes on behind the last row with code up to one. */
  private static boolean isOpen(List<Node.Scalar> lines, int at) {
    int row = at;
    while (row >= 0 && (text(lines, row).isBlank() || text(lines, row).strip().startsWith("#"))) {
      row--;
    }
    return row >= 0 && OPEN.matcher(text(lines, row)).matches();
  }

  private static String text(List<Node.Scalar> lines, int at) {
    return String.valueOf(lines.get(at).value());
  }
}
