package dev.vramcast.validation.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about why the estimate of a case is off, kept by hand in {@code explanations.tsv}:
 * an id, or the beginning of ids with a star, a tab and a sentence. The longest match counts.
 *
 * @param byPattern sentences by id or pattern
 */
record Explanations(Map<String, String> byPattern) {

  static Explanations shipped() {
    Map<String, String> byPattern = new LinkedHashMap<>();
    for (String line : lines("explanations.tsv")) {
      String[] parts = line.split("\t", 2);
      byPattern.put(parts[0], parts[1]);
    }
    return new Explanations(byPattern);
  }

  /** The lines of a file that is kept by hand, without comments. */
  static List<String> lines(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Explanations.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<String> of(String id) {
    return byPattern.keySet().stream()
        .filter(pattern -> matches(pattern, id))
        .max(Comparator.comparingInt(pattern -> pattern.replace("*", "").length()))
        .map(byPattern::get);
  }

  static boolean matches(String pattern, String id) {
    return pattern.endsWith("*")
        ? id.startsWith(pattern.substring(0, pattern.length() - 1))
        : id.equals(pattern);
  }
}
