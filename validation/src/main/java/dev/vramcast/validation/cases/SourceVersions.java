package dev.vramcast.validation.cases;

import dev.vramcast.core.job.document.JobKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which versions ran, or of which month they were, and with which settings, for sources that tell
 * so beside their figures: in the output of a notebook, the image of a container, the history of a
 * file, the script. They are kept by hand in {@code sources.tsv}: the beginning of a source, a tab,
 * keys and values of the job document, a tab, and where it stands. The longest beginning counts.
 *
 * @param bySource keys and values by the beginning of a source
 */
record SourceVersions(Map<String, Map<JobKey, String>> bySource) {

  private static final SourceVersions SHIPPED = read();

  static SourceVersions shipped() {
    return SHIPPED;
  }

  /** What is known of a source; empty where nothing is. */
  Map<JobKey, String> of(String source) {
    return bySource.keySet().stream()
        .filter(source::startsWith)
        .max(Comparator.comparingInt(String::length))
        .map(bySource::get)
        .orElse(Map.of());
  }

  private static SourceVersions read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SourceVersions.class.getResourceAsStream("sources.tsv"), StandardCharsets.UTF_8))) {
      return of(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of such a file; those that begin with {@code #} say something of it. */
  static SourceVersions of(List<String> lines) {
    Map<String, Map<JobKey, String>> bySource = new LinkedHashMap<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\t", 3);
        bySource.put(parts[0], values(parts[1]));
      }
    }
    return new SourceVersions(bySource);
  }

  private static Map<JobKey, String> values(String text) {
    return Stream.of(text.split(" "))
        .map(each -> each.split("=", 2))
        .collect(Collectors.toUnmodifiableMap(each -> key(each[0]), each -> each[1]));
  }

  private static JobKey key(String path) {
    return JobKey.ofPath(path)
        .orElseThrow(() -> new IllegalArgumentException("sources.tsv: no key " + path));
  }
}
