package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The classes of a program of which it makes an object, by themselves or by one under them. */
public final class MadeClasses {

  private static final Pattern CLASS =
      Pattern.compile("class\\s++(\\w++)\\s*+(?:\\(([^)]*+)\\))?.*");

  /** A row outside of all blocks; comments and closing brackets end none. */
  private static final Pattern OUTER = Pattern.compile("[^\\s#)\\]}].*");

  private record Declared(String name, List<String> bases, int line) {}

  private final List<Declared> outer = new ArrayList<>();
  private final Set<String> made;

  /** Of the source lines of a program and its calls. */
  public MadeClasses(List<Node.Scalar> lines, List<Call> calls) {
    for (Node.Scalar line : lines) {
      String row = String.valueOf(line.value());
      if (OUTER.matcher(row).matches()) {
        Matcher declares = CLASS.matcher(row);
        boolean one = declares.matches();
        String bases = one && declares.group(2) != null ? declares.group(2) : "";
        outer.add(
            new Declared(
                one ? declares.group(1) : "", List.of(bases.split("[\\s,.]++")), line.line()));
      }
    }
    made =
        calls.stream()
            .map(call -> call.name().substring(call.name().lastIndexOf('.') + 1))
            .collect(Collectors.toCollection(HashSet::new));
    calls.stream()
        .filter(call -> call.name().endsWith("Trainer"))
        .forEach(call -> made.add(around(call)));
    for (int i = outer.size() - 1; i >= 0; i--) {
      if (made.contains(outer.get(i).name())) {
        made.addAll(outer.get(i).bases());
      }
    }
  }

  /** Whether a call stands in no class, or in one of those, or in one that trains. */
  public boolean hold(Call call) {
    String around = around(call);
    return around.isEmpty() || made.contains(around);
  }

  /** The class that a call stands in; empty for none. */
  private String around(Call call) {
    return outer.stream()
        .filter(each -> each.line() <= call.line())
        .reduce((first, second) -> second)
        .map(Declared::name)
        .orElse("");
  }
}
