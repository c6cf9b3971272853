package dev.vramcast.catalog.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of models among the other words of a sentence, as in {@code qwen3 8b lora on my 3060}. A
 * name begins with the word of a family, and no word beside the names may be one of a model's: of
 * {@code phi 4 multimodal}, {@code phi 4} would be another.
 *
 * @param families first words of known names
 * @param ofModels words of known names, such as {@code coder}
 */
record NamesWithin(Set<String> families, Set<String> ofModels) {

  private static final Pattern LETTERS = Pattern.compile("[a-z.]{2,}");

  private static final Pattern SIZE = Pattern.compile("[ae]?\\d+(?:x\\d+)?(?:\\.\\d+)?[bm]");

  /** Words of models that no name of the catalogue has. */
  private static final Set<String> OTHER = Set.of("multimodal", "vlm", "moe", "thinking");

  private static final int LONGEST = 100;

  private static final int MOST_WORDS = 12;

  /**
   * @param names of the catalogue
   * @param parts names of repositories
   */
  static NamesWithin of(Set<String> names, Set<String> parts) {
    Set<String> families = new HashSet<>();
    Stream.concat(names.stream(), parts.stream())
        .map(name -> SpokenName.words(name).iterator().next())
        .filter(word -> LETTERS.matcher(word).matches() && !SpokenName.isBeside(word))
        .forEach(families::add);
    Set<String> words = new HashSet<>(OTHER);
    names.forEach(name -> words.addAll(SpokenName.words(name)));
    words.removeIf(word -> !LETTERS.matcher(word).matches() || SpokenName.isBeside(word));
    return new NamesWithin(families, words);
  }

  /**
   * The names, each the longest there, in the order of the sentence; empty where there is none, the
   * sentence is nothing but one, or words of a model are left.
   */
  List<String> in(String sentence, Predicate<String> isName) {
    String[] words = sentence.strip().split("\\s+");
    if (sentence.length() > LONGEST || words.length > MOST_WORDS) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    int from = 0;
    while (from < words.length) {
      int to = end(words, from, isName);
      if (to > from) {
        names.add(String.join(" ", Arrays.copyOfRange(words, from, to)));
        from = to;
      } else if (isOfModel(words[from])) {
        return List.of();
      } else {
        from++;
      }
    }
    return names.equals(List.of(String.join(" ", words))) ? List.of() : List.copyOf(names);
  }

  /** Where the longest name that begins there ends; its beginning where none does. */
  private int end(String[] words, int from, Predicate<String> isName) {
    Set<String> first = SpokenName.words(words[from]);
    if (first.isEmpty() || !families.contains(first.iterator().next())) {
      return from;
    }
    for (int to = words.length; to > from; to--) {
      String run = String.join(" ", Arrays.copyOfRange(words, from, to));
      if (SpokenName.words(run).size() > 1 && isName.test(run)) {
        return to;
      }
    }
    return from;
  }

  private boolean isOfModel(String said) {
    return SpokenName.words(said).stream()
        .anyMatch(word -> ofModels.contains(word) || SIZE.matcher(word).matches());
  }
}
