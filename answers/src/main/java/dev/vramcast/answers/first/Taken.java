package dev.vramcast.answers.first;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is taken for settings that nobody gave, where that decides much. */
public final class Taken {

  /** More sequences at once are what people set and trainers rarely should. */
  private static final int MANY_SEQUENCES = 4;

  private static final List<JobKey> SHOWN =
      List.of(
          JobKey.FRAMEWORK_NAME,
          JobKey.METHOD,
          JobKey.PRECISION,
          JobKey.LORA_RANK,
          JobKey.LORA_TARGETS,
          JobKey.OPTIMIZER_NAME,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.CHECKPOINTING,
          JobKey.STRATEGY);

  private Taken() {}

  /** One line each: what most people set, and what a framework does that few expect. */
  public static List<String> lines(Resolution resolution) {
    List<String> lines = new ArrayList<>();
    recommended(resolution).ifPresent(lines::add);
    surprises(resolution).ifPresent(lines::add);
    return lines;
  }

  private static Optional<String> recommended(Resolution resolution) {
    String values =
        SHOWN.stream()
            .flatMap(key -> value(resolution, key, Provenance.RECOMMENDED))
            .map(Taken::words)
            .collect(Collectors.joining(", "));
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "As most people train this: "
                + values
                + "; --profile bare for PyTorch's own defaults.");
  }

  /** Defaults of a framework that take much memory, with the option that changes each. */
  private static Optional<String> surprises(Resolution resolution) {
    ResolvedJob job = resolution.job();
    List<String> found = new ArrayList<>();
    if (job.batch().microBatch() >= MANY_SEQUENCES) {
      unsaid(resolution, JobKey.MICRO_BATCH)
          .map(value -> job.batch().microBatch() + " sequences at once (--micro-batch 1)")
          .forEach(found::add);
    }
    if (job.checkpointing() == Checkpointing.NONE) {
      unsaid(resolution, JobKey.CHECKPOINTING)
          .map(value -> "all activations kept (--checkpointing full)")
          .forEach(found::add);
    }
    if (job.weightDtype() == DataType.FP32) {
      unsaid(resolution, JobKey.MODEL_DTYPE)
          .map(value -> "weights in fp32 (--model-dtype bf16)")
          .forEach(found::add);
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "What "
                + job.framework().name()
                + " does where nothing is said, and few expect: "
                + String.join(", ", found)
                + ".");
  }

  private static Stream<ResolvedValue> unsaid(Resolution resolution, JobKey key) {
    return Stream.of(Provenance.FRAMEWORK_DEFAULT, Provenance.ASSUMED)
        .flatMap(provenance -> value(resolution, key, provenance));
  }

  private static Stream<ResolvedValue> value(
      Resolution resolution, JobKey key, Provenance provenance) {
    return resolution.value(key).stream().filter(value -> value.provenance() == provenance);
  }

  private static String words(ResolvedValue value) {
    String text = value.text();
    return switch (value.key()) {
      case LORA_RANK -> "rank " + text;
      case LORA_TARGETS -> "adapters on " + text.replace("[", "").replace("]", "");
      case MICRO_BATCH -> "micro-batch " + text;
      case GRAD_ACCUM -> "accumulation " + text;
      case CHECKPOINTING -> "checkpointing " + text;
      default -> text;
    };
  }
}
