package dev.vramcast.answers.first;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found in a training file, and what it leaves to its framework: whoever wrote the file
 * sees at a glance what was read wrongly.
 */
public final class ReadFromFile {

  private static final List<JobKey> SHOWN =
      List.of(
          JobKey.FRAMEWORK_NAME,
          JobKey.STAGE,
          JobKey.METHOD,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.LORA_RANK,
          JobKey.LORA_TARGETS,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.SEQUENCE_LENGTH,
          JobKey.PRECISION,
          JobKey.OPTIMIZER_NAME,
          JobKey.CHECKPOINTING,
          JobKey.STRATEGY,
          JobKey.GPU_COUNT);

  /** What is not missed where a file does not say it. */
  private static final Set<JobKey> UNMISSED =
      EnumSet.of(
          JobKey.FRAMEWORK_NAME,
          JobKey.STAGE,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.STRATEGY,
          JobKey.GPU_COUNT);

  private static final int MOST_FILES = 2;

  /** A value and the line of a file that has it. */
  private record Said(JobKey key, Object value, Place.Line line) {

    /** Nothing of what stands on no line; that nothing is quantised is said by its method. */
    static Stream<Said> of(JobKey key, Object value, Optional<Place> place) {
      return place
          .filter(Place.Line.class::isInstance)
          .filter(line -> value != QuantizationScheme.NONE)
          .map(line -> new Said(key, value, (Place.Line) line))
          .stream();
    }

    String words() {
      return Taken.words(key, Shown.value(value));
    }
  }

  private ReadFromFile() {}

  /**
   * Of a job whose file has keys of its own; empty for a job document, which says what it means.
   */
  static Optional<Notice> of(Resolution resolution) {
    List<ResolvedValue> values =
        SHOWN.stream().flatMap(key -> resolution.value(key).stream()).toList();
    String others =
        values.stream()
            .filter(value -> !UNMISSED.contains(value.key()))
            .filter(ReadFromFile::isDefault)
            .map(value -> Taken.words(value.key(), value.text()))
            .collect(Collectors.joining(", "));
    return said(values.stream()
            .flatMap(value -> Said.of(value.key(), value.value(), value.place()))
            .toList())
        .map(
            notice ->
                others.isEmpty() ? notice.and(".") : notice.and("; by default: ", others, "."));
  }

  /** The same of what is read alone. */
  public static Optional<Notice> of(JobDocument document) {
    return said(SHOWN.stream()
            .flatMap(key -> document.entry(key).stream())
            .flatMap(entry -> Said.of(entry.key(), entry.value(), Optional.of(entry.place())))
            .toList())
        .map(notice -> notice.and("."));
  }

  private static boolean isDefault(ResolvedValue value) {
    return !value.isLeftOpen()
        && (value.provenance() == Provenance.FRAMEWORK_DEFAULT
            || value.provenance() == Provenance.ASSUMED);
  }

  private static Optional<Notice> said(List<Said> all) {
    if (all.stream().allMatch(each -> each.line().key().isEmpty())) {
      return Optional.empty();
    }
    String values = all.stream().map(Said::words).collect(Collectors.joining(", "));
    return Optional.of(Notice.of("Read from ", files(all), ": ", values));
  }

  private static String files(List<Said> all) {
    List<String> names =
        new ArrayList<>(
            all.stream().map(each -> lastName(each.line().source())).distinct().toList());
    int more = names.size() - MOST_FILES;
    if (more > 0) {
      names.subList(MOST_FILES, names.size()).clear();
      names.add(more + " more");
    }
    return String.join(", ", names);
  }

  private static String lastName(String source) {
    return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
  }
}
