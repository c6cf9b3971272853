package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.ModuleParts.Kind;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that are given one value, of literals and such names, and that nothing else touches.
 *
 * @param parts all statements in front
 */
record SettledName(List<Part> parts) {

  private static final Set<String> LITERALS =
      Set.of("dict", "list", "True", "False", "None", "f", "F", "r", "R", "rf", "fr");

  /** Names of keyword arguments, and of what is given a value. */
  private static final Pattern KEYWORD = Pattern.compile("\\b\\w+\\s*=(?!=)");

  /** A value that nothing which holds it can change. */
  private static final Pattern PLAIN =
      Pattern.compile("\\w+\\s*=\\s*(?:[\\d._e-]+|[rfRF]{0,2}(?:''|\"\")\\s*|True|False|None)\\s*");

  private static final Pattern FILLED = Pattern.compile("\\{\\s*([A-Za-z_]\\w*)");

  private static final Pattern FORMATTED = Pattern.compile("\\b[rR]?[fF][rR]?(?:''|\"\")");

  private static final Pattern SHOWS = Pattern.compile("\\s*print\\(\\w+\\)\\s*|\\s*\\w+\\s*");

  private static final Pattern ATTRIBUTE = Pattern.compile("\\.\\s*[A-Za-z_]");

  private static final int DEEPEST = 5;

  boolean isOne(String name) {
    return isOne(name, DEEPEST);
  }

  private boolean isOne(String name, int depth) {
    List<Part> touching = touching(name);
    List<Part> gives = touching.stream().filter(part -> gives(part, name)).toList();
    if (gives.size() != 1 || depth == 0) {
      return false;
    }
    Part given = gives.get(0);
    boolean plain = PLAIN.matcher(given.code()).matches();
    return touching.stream()
            .allMatch(part -> gives(part, name) || (plain ? reads(part, name) : shows(part)))
        && isClosed(given, depth);
  }

  private List<Part> touching(String name) {
    return parts.stream().filter(part -> part.words().contains(name)).toList();
  }

  private boolean isClosed(Part given, int depth) {
    String code = given.code();
    Set<String> words = new HashSet<>(ModuleParts.words(KEYWORD.matcher(code).replaceAll("")));
    words.removeAll(LITERALS);
    if (code.contains("**") || ATTRIBUTE.matcher(code).find()) {
      return false;
    }
    // What no statement gives a value stays open in the text.
    Set<String> filled = FORMATTED.matcher(code).find() ? filled(given) : Set.of();
    return words.stream().allMatch(word -> isOne(word, depth - 1))
        && filled.stream().allMatch(word -> touching(word).isEmpty() || isOne(word, depth - 1));
  }

  private static Set<String> filled(Part given) {
    String text = ModuleLines.text(given.lines());
    Set<String> names = new HashSet<>();
    for (Matcher name = FILLED.matcher(text); name.find(); ) {
      names.add(name.group(1));
    }
    return names;
  }

  private static boolean gives(Part part, String name) {
    return part.kind() == Kind.GIVES && part.name().equals(name);
  }

  private static boolean reads(Part part, String name) {
    String code = part.code();
    return part.kind() == Kind.GIVES && !code.contains(":=")
        || shows(part)
        || part.kind() == Kind.CHANGES && !part.name().equals(name)
        || part.kind() == Kind.OTHER
            && !code.matches(
                "(?s).*(?:\\b"
                    + name
                    + "\\s*(?:,|:|[-+*/%|&^<>]{0,2}=(?!=))|\\b(?:for|as|global|import|del)\\b).*");
  }

  private static boolean shows(Part part) {
    return SHOWS.matcher(part.code()).matches();
  }
}
