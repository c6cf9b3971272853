package dev.vramcast.formats.write;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words that a POSIX shell takes as they are. */
public final class ShellText {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private ShellText() {}

  /** One word, in single quotes where the shell would see more in it than letters. */
  public static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Words with blanks between them. */
  public static String join(List<String> words) {
    return words.stream().map(ShellText::quote).collect(Collectors.joining(" "));
  }
}
