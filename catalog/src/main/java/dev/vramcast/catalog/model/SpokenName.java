package dev.vramcast.catalog.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /**
   * Letters before a number or a size are a word of their own: {@code llama3.1} is llama and 3.1,
   * {@code llama8b} is llama and 8b.
   */
  private static final Pattern NUMBERED = Pattern.compile("([a-z]{2,})(\\d+(?:\\.\\d+)*[bm]?)");

  private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)*");

  /** What is said beside a name and changes no shape. */
  private static final Set<String> BESIDE =
      Set.of("instruct", "chat", "it", "base", "hf", "model", "meta", "google", "openai");

  private static final int LONGEST = 100;

  private SpokenName() {}

  /**
   * The names of those that are meant: the one that has the very words, unless others differ from
   * it in a version that is not said, else all that have them among others.
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
    List<String> found = known.stream().filter(name -> words(name).containsAll(words)).toList();
    Optional<String> exact = found.stream().filter(name -> words(name).equals(words)).findFirst();
    if (exact.isEmpty() || !hasVersion(words)) {
      // Qwen 14B may be the first one, which has no version, or 2.5 or 3.
      return exact.isEmpty() ? found : versions(found, exact.get());
    }
    return List.of(exact.get());
  }

  private static List<String> versions(List<String> found, String exact) {
    return found.stream().filter(name -> name.equals(exact) || hasVersion(words(name))).toList();
  }

  private static boolean hasVersion(Set<String> words) {
    return words.stream().anyMatch(word -> VERSION.matcher(word).matches());
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
