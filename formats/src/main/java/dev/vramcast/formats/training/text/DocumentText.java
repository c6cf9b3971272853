package dev.vramcast.formats.training.text;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands in a document: what stands in fenced blocks of a README, line for line. */
final class DocumentText {

  private static final Pattern NAME = Pattern.compile("(?i).*\\.(md|mdx|markdown|rst)");

  private static final Pattern FENCE = Pattern.compile("\\s*(?:```+|~~~+)\\s*\\{?\\.?(\\w*).*");

  private static final List<String> SHELLS = List.of("", "bash", "sh", "shell", "console", "zsh");

  private static final Pattern PROMPT = Pattern.compile("^\\s*\\$\\s+");

  private DocumentText() {}

  static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  /** The document with all other lines empty, so that a line keeps its number. */
  static String commands(String text) {
    StringBuilder commands = new StringBuilder();
    boolean fenced = false;
    boolean shell = false;
    for (String line : text.split("\n", -1)) {
      Matcher fence = FENCE.matcher(line);
      if (fence.matches()) {
        fenced = !fenced;
        shell = fenced && SHELLS.contains(fence.group(1));
      } else if (shell) {
        commands.append(
            PROMPT.matcher(line).replaceFirst(found -> " ".repeat(found.group().length())));
      }
      commands.append('\n');
    }
    return commands.toString();
  }
}
