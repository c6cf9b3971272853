package dev.vramcast.catalog.model;

import dev.vramcast.core.job.value.NamedBits;
import java.util.ArrayList;
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

  /** {@code InternVL2_5} and {@code phi-1_5} write a dot so. */
  private static final Pattern LOW_DOT = Pattern.compile("(?<=\\d)_(?=\\d)");

  private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)*");

  private static final Pattern SAID_VERSION = Pattern.compile("v?\\d+(?:\\.\\d+)*");

  private static final Pattern SIZE = Pattern.compile("\\d+(?:\\.\\d+)?[bm]");

  /** What is said beside a name and changes no shape. */
  private static final Set<String> BESIDE =
      Set.of("instruct", "chat", "it", "base", "hf", "model", "meta", "google", "openai");

  /** How weights are said to be stored. */
  private static final Set<String> STORED = Set.of("4bit", "8bit", "bnb", "nf4", "int8", "int4");

  private static final Pattern BITS = Pattern.compile("([48])[- _]bits?\\b|([48])bits\\b");

  private static final int LONGEST = 100;

  private static final int MOST_WORDS = 12;

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
    List<String> found = plain(with(known, words), words);
    for (Set<String> beside : List.of(BESIDE, STORED)) {
      if (found.isEmpty()) {
        words.removeAll(beside);
        found = with(known, words);
      }
    }
    return found;
  }

  /** Whether a text says enough to mean a few models: a family, and more than its version. */
  static boolean isPrecise(String text) {
    return text.length() <= LONGEST && words(text).size() >= 3;
  }

  /**
   * Runs of words within a sentence, the longest first, and of these the first: each has two words
   * or more, as {@code qwen3 8b} has three, and is not the whole sentence.
   */
  static List<String> runs(String sentence) {
    String[] words = sentence.strip().split("\\s+");
    if (sentence.length() > LONGEST || words.length > MOST_WORDS) {
      return List.of();
    }
    List<String> runs = new ArrayList<>();
    for (int length = words.length - 1; length > 0; length--) {
      for (int from = 0; from + length <= words.length; from++) {
        runs.add(String.join(" ", List.of(words).subList(from, from + length)));
      }
    }
    return runs.stream().filter(run -> words(run).size() > 1).toList();
  }

  /** Whether a name begins with the text, whatever stands between words. */
  static boolean begins(String name, String text) {
    return letters(name).startsWith(letters(text));
  }

  private static String letters(String text) {
    return SEPARATORS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** The names that have the very words. */
  static List<String> exact(Collection<String> known, String text) {
    Set<String> said = text.length() > LONGEST ? Set.of() : words(text);
    return known.stream().filter(name -> words(name).equals(said)).sorted().toList();
  }

  /**
   * The repository that a text means among those of a model: the one whose name has most of its
   * words, and of these the first.
   *
   * @param ids of repositories, the original first
   */
  static String nearest(List<String> ids, String text) {
    Set<String> said = words(text);
    String nearest = ids.get(0);
    for (String id : ids) {
      if (count(said, id) > count(said, nearest)) {
        nearest = id;
      }
    }
    return nearest;
  }

  private static long count(Set<String> said, String id) {
    Set<String> words = words(CatalogIndex.lastPart(id));
    return said.stream().filter(words::contains).count();
  }

  /** Words of a text that a name has not, and that nothing follows. */
  static List<String> left(String text, String name) {
    Set<String> left = words(text);
    left.removeAll(words(name));
    if (NamedBits.areFour(text)) {
      left.removeAll(STORED);
    }
    return left.stream().sorted().toList();
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

  /**
   * Where the words say a family and a size, those that differ in a version alone: Mistral 7B is
   * none of LLaVA's that was made of one.
   */
  private static List<String> plain(List<String> found, Set<String> words) {
    if (words.size() < 2 || words.stream().noneMatch(word -> SIZE.matcher(word).matches())) {
      return found;
    }
    List<String> plain = found.stream().filter(name -> addsVersion(words(name), words)).toList();
    return plain.isEmpty() ? found : plain;
  }

  private static boolean addsVersion(Set<String> name, Set<String> words) {
    return name.stream()
        .filter(word -> !words.contains(word))
        .allMatch(word -> SAID_VERSION.matcher(word).matches());
  }

  private static List<String> versions(List<String> found, String exact) {
    return found.stream().filter(name -> name.equals(exact) || hasVersion(words(name))).toList();
  }

  private static boolean hasVersion(Set<String> words) {
    return words.stream().anyMatch(word -> VERSION.matcher(word).matches());
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    String lower = BITS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("$1$2bit");
    String dotted = LOW_DOT.matcher(lower).replaceAll(".");
    for (String part : SEPARATORS.split(dotted)) {
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
