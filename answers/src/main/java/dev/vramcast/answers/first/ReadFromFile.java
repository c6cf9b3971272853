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
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found in a training file, what it leaves to its framework, and what nobody says: whoever
 * wrote the file sees at a glance what was read wrongly.
 */
public final class ReadFromFile {

  private static final List<JobKey> SHOWN =
      List.of(
          JobKey.STAGE,
          JobKey.METHOD,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.LORA_RANK,
          JobKey.LORA_TARGETS,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.SEQUENCE_LENGTH,
          JobKey.COMPLETION_LENGTH,
          JobKey.GROUP_SIZE,
          JobKey.ENGINE,
          JobKey.PRECISION,
          JobKey.OPTIMIZER_NAME,
          JobKey.CHECKPOINTING,
          JobKey.STRATEGY,
          JobKey.OFFLOAD,
          JobKey.TENSOR,
          JobKey.CONTEXT,
          JobKey.PIPELINE,
          JobKey.GPU_COUNT);

  /** What people ask themselves where a file does not say it. */
  private static final Set<JobKey> MISSED =
      EnumSet.of(
          JobKey.METHOD,
          JobKey.LORA_RANK,
          JobKey.LORA_TARGETS,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.SEQUENCE_LENGTH,
          JobKey.PRECISION,
          JobKey.OPTIMIZER_NAME,
          JobKey.CHECKPOINTING);

  private static final String UNNAMED = "a training file";

  private static final int MOST_FILES = 3;

  private static final int LONGEST_NAME = 40;

  /** How a value came about. */
  private enum From {
    FILE,
    FRAMEWORK,
    NOBODY
  }

  private record Value(JobKey key, Object value, From from) {

    static Stream<Value> of(ResolvedValue value) {
      if (value.isLeftOpen() || value.value() == QuantizationScheme.NONE) {
        return Stream.empty();
      }
      return from(value).map(from -> new Value(value.key(), value.value(), from)).stream();
    }

    private static Optional<From> from(ResolvedValue value) {
      return switch (value.provenance()) {
        case SET -> line(value.place()).map(Value::from);
        case DERIVED ->
            value.key() == JobKey.SEQUENCE_LENGTH ? Optional.of(From.FILE) : Optional.empty();
        case FRAMEWORK_DEFAULT -> Optional.of(From.FRAMEWORK);
        case ASSUMED -> Optional.of(From.NOBODY);
        case RECOMMENDED -> Optional.empty();
      };
    }

    static Stream<Value> of(JobDocument.Entry entry) {
      return line(Optional.of(entry.place()))
          .filter(line -> entry.value() != QuantizationScheme.NONE)
          .map(line -> new Value(entry.key(), entry.value(), from(line)))
          .stream();
    }

    /** A reader puts down what a framework does where its file has no key for it. */
    private static From from(Place.Line line) {
      return line.key().isEmpty() ? From.FRAMEWORK : From.FILE;
    }
  }

  private ReadFromFile() {}

  /**
   * Of a job whose file has keys of its own; empty for a job document, which says what it means.
   */
  static Optional<Notice> of(Resolution resolution) {
    return notice(
        resolution.value(JobKey.FRAMEWORK_NAME).map(ResolvedValue::text).orElse(UNNAMED),
        resolution.values(Provenance.SET).stream()
            .flatMap(value -> line(value.place()).stream())
            .toList(),
        SHOWN.stream().flatMap(key -> resolution.value(key).stream()).flatMap(Value::of).toList());
  }

  /** The same of what is read alone. */
  public static Optional<Notice> of(JobDocument document) {
    Collection<JobDocument.Entry> entries = document.entries().values();
    return notice(
        document.text(JobKey.FRAMEWORK_NAME).orElse(UNNAMED),
        entries.stream().flatMap(entry -> line(Optional.of(entry.place())).stream()).toList(),
        SHOWN.stream().flatMap(key -> document.entry(key).stream()).flatMap(Value::of).toList());
  }

  private static Optional<Place.Line> line(Optional<Place> place) {
    return place.filter(Place.Line.class::isInstance).map(Place.Line.class::cast);
  }

  private static Optional<Notice> notice(
      String framework, List<Place.Line> places, List<Value> values) {
    List<String> files =
        places.stream()
            .filter(line -> !line.key().isEmpty())
            .map(Place.Line::source)
            .distinct()
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Notice notice = Notice.of("Read from ", names(files), " as ", framework);
    String said = words(values.stream().filter(value -> value.from() == From.FILE));
    notice = said.isEmpty() ? notice : notice.and(": ", said);
    notice = others(notice, "; by default: ", values, From.FRAMEWORK);
    return Optional.of(others(notice, "; assumed: ", values, From.NOBODY).and("."));
  }

  private static Notice others(Notice notice, String before, List<Value> values, From from) {
    String words =
        words(
            values.stream()
                .filter(value -> value.from() == from)
                .filter(value -> MISSED.contains(value.key())));
    return words.isEmpty() ? notice : notice.and(before, words);
  }

  private static String words(Stream<Value> values) {
    return values
        .map(value -> Taken.words(value.key(), Shown.value(value.value())))
        .collect(Collectors.joining(", "));
  }

  private static String names(List<String> sources) {
    List<String> names =
        new ArrayList<>(sources.stream().limit(MOST_FILES).map(ReadFromFile::name).toList());
    if (sources.size() > MOST_FILES) {
      names.add(sources.size() - MOST_FILES + " more");
    }
    return String.join(", ", names);
  }

  /** The last name of a path; a source that is no path has words. */
  private static String name(String source) {
    int cut = Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\'));
    String name = source.indexOf(' ') < 0 ? source.substring(cut + 1) : source;
    int over = name.length() - LONGEST_NAME;
    return over > 0 ? "..." + name.substring(over + 3) : name;
  }
}
