package dev.vramcast.core.job.document;

import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is said of one key and is a value of another: {@code sft}, which is a stage, as a method.
 */
final class OtherKey {

  /** Keys that people take for each other. */
  private static final Map<JobKey, List<JobKey>> TAKEN =
      Map.of(
          JobKey.METHOD, List.of(JobKey.STAGE),
          JobKey.STAGE, List.of(JobKey.METHOD),
          JobKey.PRECISION, List.of(JobKey.TRAINING_SCHEME, JobKey.QUANTIZATION_SCHEME));

  /** Which no number of ranks is: {@code 8k}. */
  private static final Pattern LENGTH = Pattern.compile("\\d+(\\.\\d+)?\\s*[kK]");

  private OtherKey() {}

  /**
   * What to give in its place; empty where the value is none of another key.
   *
   * @param place where it stands: in a file, keys are called as they are there
   */
  static Optional<Phrase> hint(JobKey key, Object value, Place place) {
    if (!(value instanceof String word)) {
      return Optional.empty();
    }
    if (key == JobKey.CONTEXT && LENGTH.matcher(word.strip()).matches()) {
      return Optional.of(
          Phrase.of("it is of ranks; a length is ")
              .and(given(JobKey.SEQUENCE_LENGTH, word.strip(), place)));
    }
    return TAKEN.getOrDefault(key, List.of()).stream()
        .filter(other -> has(other, word))
        .findFirst()
        .map(other -> Phrase.of("to give that: ").and(given(other, word.strip(), place)));
  }

  private static Phrase given(JobKey key, String word, Place place) {
    return place instanceof Place.Line
        ? Phrase.of(key.path() + ": " + word)
        : Phrase.of(key, " ", word);
  }

  private static boolean has(JobKey key, String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT);
    boolean stage = key == JobKey.STAGE && StageWords.find(word).isPresent();
    return stage || !plain.equals("none") && key.kind().words().contains(plain);
  }
}
