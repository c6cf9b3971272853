package dev.vramcast.formats.training.text;

import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement of a program that takes names from another one.
 *
 * @param path of the other program's file, from a folder that Python looks in
 * @param names that it has for them by those that they have there; none where the whole module is
 *     taken
 * @param alias its name for the module; empty where it takes names
 */
record Import(String path, Map<String, String> names, String alias, int line) {

  private static final Pattern FROM =
      Pattern.compile("\\s*from\\s+(\\.*)([\\w.]*)\\s+import\\s+(.*)");
  private static final Pattern WHOLE =
      Pattern.compile("\\s*import\\s+([\\w.]+)(?:\\s+as\\s+(\\w+))?\\s*");
  private static final Pattern NAME = Pattern.compile("(\\w+|\\*)(?:\\s+as\\s+(\\w+))?");

  /** Lines of a statement in brackets. */
  private static final int MOST_LINES = 100;

  /** All of them in order; one that may name a module or what stands in it is there as both. */
  static List<Import> of(List<Node.Scalar> lines) {
    List<Import> imports = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int line = lines.get(i).line();
      String text = text(lines, i);
      Matcher from = FROM.matcher(text);
      Matcher whole = WHOLE.matcher(text);
      if (from.matches()) {
        named(from, whole(lines, i, from.group(3)), line, imports);
      } else if (whole.matches()) {
        String module = whole.group(1);
        String alias = whole.group(2) == null ? module : whole.group(2);
        imports.add(new Import(file("", module), Map.of(), alias, line));
      }
    }
    return imports;
  }

  private static void named(Matcher from, String list, int line, List<Import> imports) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String part : list.replaceAll("[()]", "").split(",")) {
      Matcher name = NAME.matcher(part.strip());
      if (name.matches()) {
        names.put(name.group(1), name.group(2) == null ? name.group(1) : name.group(2));
      }
    }
    String up = from.group(1);
    String module = from.group(2);
    if (!module.isEmpty()) {
      imports.add(new Import(file(up, module), names, "", line));
    }
    names.forEach(
        (name, alias) -> {
          String inner = module.isEmpty() ? name : module + '.' + name;
          imports.add(new Import(file(up, inner), Map.of(), alias, line));
        });
  }

  /** A dot is the folder of the program, and each more the one around it. */
  private static String file(String dots, String module) {
    return "../".repeat(Math.max(0, dots.length() - 1)) + module.replace('.', '/') + ".py";
  }

  private static String text(List<Node.Scalar> lines, int at) {
    return String.valueOf(lines.get(at).value()).replaceFirst("#.*", "");
  }

  private static String whole(List<Node.Scalar> lines, int at, String start) {
    StringBuilder text = new StringBuilder(start);
    boolean open = start.contains("(");
    for (int i = at + 1;
        open && text.indexOf(")") < 0 && i < Math.min(lines.size(), at + MOST_LINES);
        i++) {
      text.append(' ').append(text(lines, i));
    }
    return text.toString();
  }
}
