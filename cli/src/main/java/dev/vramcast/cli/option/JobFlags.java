package dev.vramcast.cli.option;

import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.ValueKind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The keys of the job document as options, under a heading for each of its sections. */
public final class JobFlags {

  private static final String NO_SECTION = "training";

  private static final Map<String, String> HEADINGS =
      Map.ofEntries(
          Map.entry("model", "Model"),
          Map.entry(NO_SECTION, "Training"),
          Map.entry("lora", "Adapters"),
          Map.entry("optimizer", "Optimizer"),
          Map.entry("batch", "Batch"),
          Map.entry("parallelism", "Many GPUs"),
          Map.entry("allocator", "Allocator"),
          Map.entry("framework", "Framework"),
          Map.entry("hardware", "Hardware"),
          Map.entry("data", "Data"),
          Map.entry("objective", "Objective"),
          Map.entry("generation", "Generation"),
          Map.entry("evaluation", "Evaluation"),
          Map.entry("saving", "Saving"),
          Map.entry("quantized_training", "Low-precision training"));

  private JobFlags() {}

  /** Adds the options to a command. */
  public static void addTo(CommandSpec spec) {
    for (JobKey key : JobKey.values()) {
      spec.addOption(option(key));
    }
  }

  /**
   * What the given flags say; each value is checked.
   *
   * @param left keys whose flags are not read
   */
  public static JobDocument read(ParseResult arguments, Set<JobKey> left) {
    JobDocument document = JobDocument.empty();
    Set<JobKey> given = given(arguments);
    given.removeAll(left);
    for (JobKey key : given) {
      Object text = arguments.matchedOptionValue(key.flag(), "");
      document = document.withFlag(key, String.valueOf(text));
    }
    return document;
  }

  /** The keys whose flags are given. */
  private static Set<JobKey> given(ParseResult arguments) {
    return Arrays.stream(JobKey.values())
        .filter(key -> arguments.hasMatchedOption(key.flag()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The heading over an option; empty when it is no key of the job document. */
  public static String heading(OptionSpec option) {
    return JobKey.ofFlag(option.longestName())
        .map(JobFlags::section)
        .map(section -> HEADINGS.getOrDefault(section, section))
        .orElse("");
  }

  private static OptionSpec option(JobKey key) {
    OptionSpec.Builder option =
        OptionSpec.builder(key.flag())
            .description(description(key).replace("%", "%%"))
            .paramLabel(label(key))
            .order(key.ordinal());
    return key.kind() instanceof ValueKind.YesOrNo
        ? option
            .type(Boolean.class)
            .converters(text -> yesOrNo(key, text))
            .arity("0..1")
            .fallbackValue("true")
            .build()
        : option.type(String.class).arity("1").build();
  }

  /** The words of a job document; a flag has its value behind an equals sign. */
  private static Object yesOrNo(JobKey key, String text) {
    return key.kind().parse(text).orElseThrow(() -> new TypeConversionException(text));
  }

  private static String description(JobKey key) {
    boolean plain = key.kind() instanceof ValueKind.YesOrNo || key.kind().words().isEmpty();
    String words = plain ? "" : ": " + String.join(", ", key.kind().words());
    return key.description() + words + " (" + fallback(key) + ")";
  }

  private static String fallback(JobKey key) {
    if (key == JobKey.SEQUENCE_LENGTH) {
      return "default: " + SequenceLength.USUAL;
    }
    String text = key.fallback().shown();
    return text.startsWith("required") ? text : "default: " + text;
  }

  private static String label(JobKey key) {
    ValueKind kind = key.kind();
    if (kind instanceof ValueKind.Whole) {
      return "N";
    }
    if (kind instanceof ValueKind.Decimal) {
      return "NUMBER";
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return "true|false";
    }
    if (kind instanceof ListOf) {
      return "N,...";
    }
    if (kind instanceof ValueKind.Words || kind instanceof ValueKind.Choices) {
      return "NAME,...";
    }
    return switch (key) {
      case MODEL_CONFIG, DATA_FILE, TOKENIZER -> "FILE";
      case LENGTHS -> "p50=N,...";
      case ROLES -> "NAME=N,...";
      case FRAMEWORK_DATE -> "YYYY-MM";
      default -> "NAME";
    };
  }

  private static String section(JobKey key) {
    int dot = key.path().indexOf('.');
    return dot < 0 ? NO_SECTION : key.path().substring(0, dot);
  }
}
