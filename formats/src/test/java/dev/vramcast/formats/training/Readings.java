package dev.vramcast.formats.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads training files in tests. */
public final class Readings {

  private Readings() {}

  /** The text of a sample beside this class. */
  public static String sample(String name) {
    try (InputStream in = Readings.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  /** A sample as the registry reads it. */
  public static Reading ofSample(String name, String... others) {
    String[] texts = Arrays.stream(others).map(Readings::sample).toArray(String[]::new);
    List<TrainingFile> files = new ArrayList<>(List.of(TrainingText.of(sample(name), last(name))));
    for (int i = 0; i < others.length; i++) {
      files.add(TrainingText.of(texts[i], last(others[i])));
    }
    return TrainingFiles.read(files, Optional.empty(), path -> Optional.empty());
  }

  /** A sample that names another one by a path. */
  public static Reading ofScript(String name, String path, String other) {
    TrainingFile named = TrainingText.of(sample(other), last(other));
    return TrainingFiles.read(
        List.of(TrainingText.of(sample(name), last(name))),
        Optional.empty(),
        asked -> asked.equals(path) ? Optional.of(named) : Optional.empty());
  }

  /** Text as the registry reads it. */
  public static Reading of(String name, String text) {
    return TrainingFiles.read(
        List.of(TrainingText.of(text, name)), Optional.empty(), path -> Optional.empty());
  }

  /** The values of the job by path, as a file would hold them, without the framework's name. */
  public static Map<String, Object> values(Reading reading) {
    Map<String, Object> values = new TreeMap<>();
    reading
        .document()
        .entries()
        .forEach((key, entry) -> values.put(key.path(), key.kind().plain(entry.value())));
    values.remove(JobKey.FRAMEWORK_NAME.path());
    return values;
  }

  /** The value of one key, as a file would hold it; null when it is left open. */
  public static Object value(Reading reading, JobKey key) {
    return values(reading).get(key.path());
  }

  /** The keys of the findings of a kind. */
  public static List<String> keys(Reading reading, FindingCode code) {
    return reading.findings().stream()
        .filter(finding -> finding.code() == code)
        .map(Finding::key)
        .toList();
  }

  /** The line that a reading's value comes from. */
  public static Place.Line line(Reading reading, JobKey key) {
    return (Place.Line) reading.document().place(key).orElseThrow();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
