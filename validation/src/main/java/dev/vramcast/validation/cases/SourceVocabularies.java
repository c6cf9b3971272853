package dev.vramcast.validation.cases;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sizes of vocabularies that a source's trainer has extended by tokens of its own, for jobs that
 * state what is in the model's {@code config.json}. They are kept by hand in {@code
 * vocabularies.tsv}: the beginning of a source, a tab, the size of the config, a tab, that of the
 * run, a tab, and where it stands.
 */
record SourceVocabularies(List<Extended> all) {

  private static final String MODEL = "model";
  private static final String CONFIG = "config";
  private static final String SIZE = "vocab_size";

  private static final SourceVocabularies SHIPPED = read();

  /**
   * A vocabulary with tokens that a trainer adds.
   *
   * @param source beginning of those that it is so for
   * @param before words of the model
   * @param after words of the run
   */
  record Extended(String source, long before, long after) {}

  static SourceVocabularies shipped() {
    return SHIPPED;
  }

  private static SourceVocabularies read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SourceVocabularies.class.getResourceAsStream("vocabularies.tsv"),
                StandardCharsets.UTF_8))) {
      return of(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of such a file; those that begin with {@code #} say something of it. */
  static SourceVocabularies of(List<String> lines) {
    return new SourceVocabularies(
        lines.stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split("\t", 4))
            .map(p -> new Extended(p[0], Long.parseLong(p[1]), Long.parseLong(p[2])))
            .toList());
  }

  /** The job document as it ran: with the vocabulary of the run where its source extends it. */
  Map<String, Object> extend(String source, Map<String, Object> job) {
    if (!(job.get(MODEL) instanceof Map<?, ?> model)
        || !(model.get(CONFIG) instanceof Map<?, ?> config)
        || !(config.get(SIZE) instanceof Number size)) {
      return job;
    }
    return all.stream()
        .filter(each -> source.startsWith(each.source) && size.longValue() == each.before)
        .findFirst()
        .map(each -> with(job, MODEL, with(model, CONFIG, with(config, SIZE, each.after))))
        .orElse(job);
  }

  private static Map<String, Object> with(Map<?, ?> map, String key, Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    map.forEach((each, old) -> result.put((String) each, old));
    result.put(key, value);
    return result;
  }
}
