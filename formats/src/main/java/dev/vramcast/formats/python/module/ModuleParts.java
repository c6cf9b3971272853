package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements of a module, each with the names that it gives a meaning and those in it. */
public final class ModuleParts {

  /** Of decorators none is given back: each would take a place of the stack. */
  private static final Pattern DEFINES =
      Pattern.compile("(?m)^(?:@.*\\n\\s*+)*+(?:async[ \\t]+)?(?:def|class)[ \\t]+(\\w+)");

  private static final Pattern GIVES = Pattern.compile("^([A-Za-z_]\\w*)\\s*(?::[^=\\n]*)?=(?!=)");

  /** {@code parser.add_argument(...)}, {@code SETTINGS["r"] = 8}. */
  private static final Pattern CHANGES = Pattern.compile("^([A-Za-z_]\\w*)\\s*[.\\[|+]");

  private static final Pattern WORD = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");

  private static final Pattern GOES_ON =
      Pattern.compile("(?:else|elif|except|finally)\\b.*|[)\\]}].*", Pattern.DOTALL);

  private ModuleParts() {}

  /** What a statement does to the names that it begins with. */
  public enum Kind {
    /** A function or a class. */
    DEFINES,
    /** {@code name = value}. */
    GIVES,
    /** Something is done with what a name stands for. */
    CHANGES,
    /** An import, a block, or anything else. */
    OTHER
  }

  /**
   * A statement.
   *
   * @param name what it defines, gives a value or changes; empty for other statements
   * @param code its source without texts and comments
   * @param words the names that stand in it, but those behind a dot
   */
  public record Part(
      Kind kind, String name, List<Node.Scalar> lines, String code, Set<String> words) {}

  /** All statements outside of others, in order. */
  public static List<Part> of(List<Node.Scalar> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(row(line)).append('\n'));
    String[] code = code(text.toString()).split("\n", -1);
    List<Part> parts = new ArrayList<>();
    int start = 0;
    int depth = 0;
    boolean decorated = false;
    boolean continued = false;
    for (int i = 0; i < lines.size(); i++) {
      String row = i < code.length ? code[i] : "";
      boolean begins =
          depth == 0
              && !continued
              && !row.isBlank()
              && !Character.isWhitespace(row.charAt(0))
              && !GOES_ON.matcher(row).matches();
      if (begins) {
        if (!decorated && i > start) {
          parts.add(part(lines, code, start, i));
        }
        start = decorated ? start : i;
        decorated = row.startsWith("@");
      }
      depth = Math.max(0, depth + depth(row));
      continued = row.stripTrailing().endsWith("\\");
    }
    if (start < lines.size()) {
      parts.add(part(lines, code, start, lines.size()));
    }
    return parts;
  }

  private static Part part(List<Node.Scalar> lines, String[] code, int start, int end) {
    StringBuilder own = new StringBuilder();
    for (int i = start; i < end && i < code.length; i++) {
      own.append(code[i]).append('\n');
    }
    String text = own.toString();
    Matcher defines = DEFINES.matcher(text);
    Matcher gives = GIVES.matcher(text);
    Matcher changes = CHANGES.matcher(text);
    Kind kind = Kind.OTHER;
    String name = "";
    if (defines.lookingAt()) {
      kind = Kind.DEFINES;
      name = defines.group(1);
    } else if (gives.find()) {
      kind = Kind.GIVES;
      name = gives.group(1);
    } else if (changes.find()) {
      kind = Kind.CHANGES;
      name = changes.group(1);
    }
    return new Part(kind, name, List.copyOf(lines.subList(start, end)), text, words(text));
  }

  /** The names in source, but those behind a dot. */
  public static Set<String> words(String code) {
    Set<String> words = new LinkedHashSet<>();
    for (Matcher word = WORD.matcher(code); word.find(); ) {
      words.add(word.group());
    }
    return words;
  }

  /** What a module defines, and gives values. */
  public static Set<String> names(List<Part> parts) {
    Set<String> names = new HashSet<>();
    parts.stream()
        .filter(part -> part.kind() == Kind.DEFINES || part.kind() == Kind.GIVES)
        .forEach(part -> names.add(part.name()));
    return names;
  }

  private static String row(Node.Scalar line) {
    return String.valueOf(line.value()).replace('\n', ' ');
  }

  private static int depth(String row) {
    int depth = 0;
    for (int i = 0; i < row.length(); i++) {
      depth += "([{".indexOf(row.charAt(i)) >= 0 ? 1 : ")]}".indexOf(row.charAt(i)) >= 0 ? -1 : 0;
    }
    return depth;
  }

  /**
   * Source with nothing between the quotes of its texts and without comments, line by line; lines
   * that begin in a text begin with a blank.
   */
  public static String code(String text) {
    StringBuilder code = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '#') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '"' || c == '\'') {
        int end = end(text, i);
        code.append(c).append(c);
        text.substring(i, end).chars().filter(at -> at == '\n').forEach(at -> code.append("\n "));
        i = end;
      } else {
        code.append(c);
        i++;
      }
    }
    return code.toString();
  }

  /** Behind the text that begins here; at the end of its line where it is not closed there. */
  static int end(String text, int start) {
    String quote = text.substring(start, start + 1);
    String three = quote.repeat(3);
    boolean isLong = text.startsWith(three, start);
    String close = isLong ? three : quote;
    for (int i = start + close.length(); i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.startsWith(close, i)) {
        return i + close.length();
      } else if (!isLong && text.charAt(i) == '\n') {
        return i;
      }
    }
    return text.length();
  }
}
