package dev.vramcast.catalog.model;

import dev.vramcast.core.job.value.NamedBits;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  private static final Pattern WHOLE = Pattern.compile("\\d{1,2}");

  private static final Pattern SAID_VERSION = Pattern.compile("v?\\d+(?:\\.\\d+)*");

  private static final Pattern SIZE = Pattern.compile("\\d+(?:\\.\\d+)?[bm]");

  /** What is said beside a name and changes no shape. */
  private static final Set<String> BESIDE =
      Set.of("instruct", "chat", "it", "base", "hf", "model", "meta", "google", "openai");

  /** What training makes of any model, of which nothing else is said by these. */
  private static final Set<String> TRAINED =
      Set.of("lora", "qlora", "dora", "sft", "dpo", "kto", "orpo", "grpo", "ppo", "adapter");

  /** How weights are said to be stored. */
  private static final Set<String> STORED = Set.of("4bit", "8bit", "bnb", "nf4", "int8", "int4");

  private static final Pattern BITS = Pattern.compile("([48])[- _]bits?\\b|([48])bits\\b");

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
    if (words.stream().allMatch(word -> isBeside(word) || TRAINED.contains(word))) {
      return List.of();
    }
    List<String> found = plain(with(known, words), words);
    for (Set<String> beside : List.of(BESIDE, STORED)) {
      if (found.isEmpty()) {
        words.removeAll(beside);
        found = with(known, words);
      }
    }
    return found;
  }

  /**
   * As {@link #among}, of those who write words apart or together as they like, and leave out a
   * zero: {@code open coder 1.5b}, and {@code granite 4} where there is a 4.0, which may then be
   * any of that number.
   */
  static List<String> loosely(Collection<String> known, String text) {
    if (text.length() > LONGEST || text.indexOf('/') >= 0) {
      return List.of();
    }
    List<String> spelt =
        known.stream().filter(name -> letters(name).equals(letters(text))).toList();
    return spelt.isEmpty() ? numbered(known, words(text)) : spelt;
  }

  private static List<String> numbered(Collection<String> known, Set<String> words) {
    words.removeAll(BESIDE);
    words.removeAll(STORED);
    List<String> whole = words.stream().filter(word -> WHOLE.matcher(word).matches()).toList();
    Set<String> rest = new HashSet<>(words);
    whole.forEach(rest::remove);
    if (whole.size() != 1 || rest.isEmpty()) {
      return List.of();
    }
    String number = whole.get(0);
    List<String> found = plain(with(known, and(rest, number + ".0")), words);
    List<String> later =
        known.stream()
            .filter(name -> words(name).containsAll(rest))
            .filter(name -> !isSized(rest) || addsVersion(words(name), rest))
            .filter(name -> isLater(words(name), number))
            .toList();
    return found.isEmpty() ? found : Stream.concat(found.stream(), later.stream()).toList();
  }

  private static Set<String> and(Set<String> words, String more) {
    Set<String> all = new HashSet<>(words);
    all.add(more);
    return all;
  }

  /** Whether a name has a version that follows the first of that number, as 3.1 does 3.0. */
  private static boolean isLater(Set<String> name, String number) {
    return !name.contains(number + ".0") && isOf(name, number);
  }

  private static boolean isOf(Set<String> name, String number) {
    return name.stream()
        .anyMatch(word -> VERSION.matcher(word).matches() && word.startsWith(number + "."));
  }

  /** Whether a text says enough to mean a few models: two words or more, sizes aside. */
  static boolean isPrecise(String text) {
    return text.length() <= LONGEST && withoutSizes(text).size() >= 2;
  }

  /**
   * The letters with which a name begins, up to the last of the words that a text has beside sizes:
   * of {@code r1 distill}, a name of DeepSeek's begins with {@code deepseekr1distill}.
   */
  static String beginning(String name, String text) {
    Set<String> left = withoutSizes(text);
    left.retainAll(words(name));
    StringBuilder letters = new StringBuilder();
    for (String word : words(name)) {
      if (left.isEmpty()) {
        break;
      }
      letters.append(word);
      left.remove(word);
    }
    return letters.toString();
  }

  private static Set<String> withoutSizes(String text) {
    Set<String> words = words(text);
    words.removeIf(word -> SIZE.matcher(word).matches());
    return words;
  }

  /** Whether a word is said beside the name of any model. */
  static boolean isBeside(String word) {
    return BESIDE.contains(word) || STORED.contains(word);
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
    Set<String> words = words(name);
    left.removeAll(words);
    left.removeIf(word -> WHOLE.matcher(word).matches() && isOf(words, word));
    if (letters(name).contains(letters(text))) {
      left.clear();
    }
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
    if (words.size() < 2 || !isSized(words)) {
      return found;
    }
    List<String> plain = found.stream().filter(name -> addsVersion(words(name), words)).toList();
    return plain.isEmpty() ? found : plain;
  }

  private static boolean isSized(Set<String> words) {
    return words.stream().anyMatch(word -> SIZE.matcher(word).matches());
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

  /** The words of a text, in its order. */
  static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
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
