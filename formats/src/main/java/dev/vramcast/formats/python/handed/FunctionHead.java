package dev.vramcast.formats.python.handed;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a function of a program is declared.
 *
 * @param parameters by their order, with the text of their defaults; empty where there is none
 */
record FunctionHead(Map<String, String> parameters) {

  private static final int LONGEST = 4_000;

  private static final Pattern HEAD = Pattern.compile("(?m)^[ \\t]*(?:async +)?def (\\w+)\\s*\\(");

  /** {@code max_length: int = 512}. */
  private static final Pattern PARAMETER =
      Pattern.compile("(\\w++)\\s*+(?::[^=]*+)?+(?:=\\s*+(.*))?+", Pattern.DOTALL);

  private static final Pattern CLASS = Pattern.compile("(?m)^class +(\\w+)");

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(?:\\.\\d{1,15})?");

  /** What a parameter has that nothing is handed for. */
  static final Object NONE = new Object();

  /** A name of PyTorch's, which stands for nothing else. */
  static final Pattern DTYPE = Pattern.compile("torch\\.(?:b?float(?:16|32)|half|float)");

  private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\{]*)\"|'([^'\\\\{]*)'");

  /** All functions of a text by their names, but those that are declared more than once. */
  static Map<String, FunctionHead> in(String text) {
    Map<String, FunctionHead> heads = new HashMap<>();
    Set<String> twice = new HashSet<>();
    for (Matcher head = HEAD.matcher(text); head.find(); ) {
      int end = Math.min(text.length(), head.end() + LONGEST);
      Map<String, String> parameters = new LinkedHashMap<>();
      for (Part part : parts(text.substring(head.end(), end))) {
        Matcher parameter = part.parameter();
        if (parameter.matches() && !parameter.group(1).equals("self")) {
          parameters.put(parameter.group(1), parameter.group(2) == null ? "" : parameter.group(2));
        }
      }
      if (heads.put(head.group(1), new FunctionHead(parameters)) != null) {
        twice.add(head.group(1));
      }
    }
    heads.keySet().removeAll(twice);
    return heads;
  }

  /** What makes objects of the classes of a text, by their names. */
  static Map<String, FunctionHead> makers(String text) {
    Map<String, FunctionHead> makers = new HashMap<>();
    Set<String> twice = new HashSet<>();
    Matcher declared = CLASS.matcher(text);
    for (int at = 0; declared.find(at); ) {
      String name = declared.group(1);
      at = declared.end();
      int behind = declared.find(at) ? declared.start() : text.length();
      in(text.substring(at, behind)).entrySet().stream()
          .filter(head -> head.getKey().equals("__init__"))
          .filter(head -> makers.put(name, head.getValue()) != null)
          .forEach(head -> twice.add(name));
      at = behind;
    }
    makers.keySet().removeAll(twice);
    return makers;
  }

  /** Where a parameter stands; -1 where there is none of that name. */
  int place(String parameter) {
    return List.copyOf(parameters.keySet()).indexOf(parameter);
  }

  /** How its default is written; empty where it has none. */
  String written(String parameter) {
    return parameters.getOrDefault(parameter, "").strip();
  }

  /** Its default, where that is a literal. */
  Optional<Object> otherwise(String parameter) {
    String written = parameters.getOrDefault(parameter, "");
    Matcher text = TEXT.matcher(written);
    if (text.matches()) {
      return Optional.of(text.group(1) == null ? text.group(2) : text.group(1));
    }
    if (DTYPE.matcher(written).matches()) {
      return Optional.of(written);
    }
    return switch (written) {
      case "True" -> Optional.of(true);
      case "False" -> Optional.of(false);
      case "None" -> Optional.of(NONE);
      default ->
          NUMBER.matcher(written).matches()
              ? Optional.of(new BigDecimal(written))
              : Optional.empty();
    };
  }

  /**
   * What stands between two commas, without comments.
   *
   * @param end of it in the text, where a comma stands or the closing bracket
   */
  record Part(String text, int end) {

    /** Its name and its default, where it is a parameter. */
    Matcher parameter() {
      return PARAMETER.matcher(text.strip());
    }
  }

  /** What stands between the commas, up to the closing bracket. */
  static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    char quote = 0;
    int depth = 0;
    for (int i = 0; i < text.length() && depth >= 0; i++) {
      char at = text.charAt(i);
      if (quote == 0 && at == '#') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
        continue;
      }
      if (at == '"' || at == '\'') {
        quote = quote == 0 ? at : quote == at ? 0 : quote;
      }
      if (quote == 0) {
        depth += "([{".indexOf(at) >= 0 ? 1 : ")]}".indexOf(at) >= 0 ? -1 : 0;
      }
      if (depth < 0 || quote == 0 && depth == 0 && at == ',') {
        parts.add(new Part(part.toString(), i));
        part.setLength(0);
      } else {
        part.append(at);
      }
    }
    return parts;
  }
}
