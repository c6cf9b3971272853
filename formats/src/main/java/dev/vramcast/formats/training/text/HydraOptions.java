package dev.vramcast.formats.training.text;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The short names of Hydra's options, each of which has one dash (hydra/_internal/utils.py). */
final class HydraOptions {

  private static final Map<String, String> NAMES =
      Map.of("-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir");

  private static final Pattern SHORT = Pattern.compile("(-c[pnd])(=.*)?", Pattern.DOTALL);

  private HydraOptions() {}

  /** A word with the long name of the option that it is; any other word as it is. */
  static String whole(String word) {
    Matcher option = SHORT.matcher(word);
    if (!option.matches()) {
      return word;
    }
    String value = option.group(2);
    return NAMES.get(option.group(1)) + (value == null ? "" : value);
  }
}
