package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of packages that a notebook or a program installs for itself. */
final class Installs {

  private static final Pattern COMMAND =
      Pattern.compile("\\s*[!%]?\\s*(?:uv\\s+)?(?:\\S*python3?\\s+-m\\s+)?pip3?\\s+install\\s.*");

  /** One version, as {@code ==} names it, without what stands behind its numbers. */
  private static final Pattern PINNED =
      Pattern.compile(
          "(?<![\\w.-])([A-Za-z][\\w-]{0,60})(?:\\[[\\w,-]*])?==(\\d+(?:\\.\\d+){1,3})");

  /** Where a model is loaded; what is installed behind that is for another program. */
  private static final Pattern LOADS = Pattern.compile("^[^#]*\\.from_pretrained\\s*\\(.*");

  private Installs() {}

  /**
   * The version of each package that is named with one before a model is loaded; the last counts.
   *
   * @param lines of the program; the text of a cell may be one of them
   */
  static Map<String, Node> of(List<Node.Scalar> lines) {
    Map<String, Node> versions = new LinkedHashMap<>();
    boolean continued = false;
    for (Node.Scalar line : lines) {
      int read = 0;
      for (String text : String.valueOf(line.value()).split("\n")) {
        if (text.contains(".from_pretrained") && LOADS.matcher(text).matches()) {
          return versions;
        }
        boolean installs = continued || text.contains("pip") && COMMAND.matcher(text).matches();
        continued = installs && text.endsWith("\\");
        Matcher pinned = PINNED.matcher(installs ? text : "");
        while (pinned.find()) {
          String name = pinned.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
          versions.put(
              name, new Node.Scalar(pinned.group(2), ModuleLines.at(line, read + pinned.start())));
        }
        read += text.length() + 1;
      }
    }
    return versions;
  }
}
