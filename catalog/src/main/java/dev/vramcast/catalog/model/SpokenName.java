package dev.vramcast.catalog.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as people say it, taken apart into words: {@code Llama 3.1 8B}, {@code qwen 14b}, {@code
 * gpt-oss 20b}. Catalogue names are taken apart alike, so that blanks and hyphens make no
 * difference.
 */
final class SpokenName {

  private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9.]+");

  /** Letters before a number are a word of their own: {@code llama3.1} is llama and 3.1. */
  private static final Pattern NUMBERED = Pattern.compile("([a-z]{2,})(\\d+(?:\\.\\d+)*)");

  /** What is said beside a name and changes no shape. */
  private static final Set<String> BESIDE =
      Set.of("instruct", "chat", "it", "base", "hf", "model", "meta", "google", "openai");

  private static final int LONGEST = 100;

  private SpokenName() {}

  /**
   * The names of those that are meant: the one that has the very words, else all that have them
   * among others.
   *
   * @param known names of the catalogue
   */
  static List<String> among(Collection<String> known, String text) {
    if (text.length() > LONGEST || text.indexOf('/') >= 0) {
      return List.of();
    }
    Set<String> words = words(text);
    List<String> found = with(known, words);
    if (found.isEmpty()) {
      words.removeAll(BESIDE);
      found = with(known, words);
    }
    return found;
  }

  private static List<String> with(Collection<String> known, Set<String> words) {
    if (words.isEmpty()) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (String name : known) {
      Set<String> whole = words(name);
      if (whole.equals(words)) {
        return List.of(name);
      }
      if (whole.containsAll(words)) {
        found.add(name);
      }
    }
    return found;
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    for (String part : SEPARATORS.split(text.toLowerCase(Locale.ROOT))) {
      Matcher numbered = NUMBERED.matcher(part);
      if (numbered.matches()) {
        words.add(numbered.group(1));
        words.add(numbered.group(2));
      } else if (!part.isEmpty()) {
        words.add(part);
      }
    }
    return words;
  }
}
