package dev.vramcast.answers.first;

import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.run.TextOnly;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is taken for settings, read from a file or given by nobody, where that decides much. */
public final class Taken {

  /** More sequences at once are what people set and trainers rarely should. */
  private static final int MANY_SEQUENCES = 4;

  /** Of a layer there are seven in most models. */
  private static final int MOST_TARGETS = 8;

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
          JobKey.LOSS,
          JobKey.STRATEGY);

  private Taken() {}

  /** What most people set, and what a framework does that few expect. */
  public static List<Notice> lines(Resolution resolution, Caveats caveats) {
    List<Notice> lines = new ArrayList<>();
    caveats.textOnly().map(Taken::textOnly).ifPresent(lines::add);
    ReadFromFile.of(resolution).ifPresent(lines::add);
    recommended(resolution).ifPresent(lines::add);
    surprises(resolution, caveats).ifPresent(lines::add);
    return lines;
  }

  /** The same of a job on a card, whose model is looked at no more. */
  public static List<Notice> lines(FitCheck check) {
    return lines(check.resolution(), Caveats.of(check));
  }

  private static Notice textOnly(TextOnly kind) {
    return switch (kind) {
      case WITHOUT_IMAGES ->
          notCounted("images are")
              .and(JobKey.IMAGES, " 1 ", JobKey.IMAGE_SIZE, " 1024x768 says what an example has.");
      case WITHOUT_SOUND ->
          notCounted("sound is").and(JobKey.AUDIO_SECONDS, " 10 says what an example has.");
      case WITHOUT_IMAGES_AND_SOUND ->
          notCounted("images and no sound are")
              .and(JobKey.IMAGES, " 1 ", JobKey.IMAGE_SIZE, " 1024x768 or ")
              .and(JobKey.AUDIO_SECONDS, " 10 says what an example has.");
      case WITHOUT_OTHERS ->
          Notice.of("Text alone is counted: its other towers are in memory but do not run.");
    };
  }

  private static Notice notCounted(String others) {
    return Notice.of("No " + others + " counted: its other towers are in memory but do not")
        .and(" run; ");
  }

  private static Optional<Notice> recommended(Resolution resolution) {
    String values =
        SHOWN.stream()
            .flatMap(key -> value(resolution, key, Provenance.RECOMMENDED))
            .map(Taken::words)
            .collect(Collectors.joining(", "));
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Notice.of("As most people train this: ", values, "; ")
                .and(JobKey.PROFILE, " bare for PyTorch's own defaults."));
  }

  /** Defaults of a framework that take much memory, with the option that changes each. */
  private static Optional<Notice> surprises(Resolution resolution, Caveats caveats) {
    ResolvedJob job = resolution.job();
    List<Phrase> found = new ArrayList<>();
    if (job.batch().microBatch() >= MANY_SEQUENCES) {
      notStated(resolution, JobKey.MICRO_BATCH)
          .map(
              value ->
                  Phrase.of(
                      job.batch().microBatch(), " sequences at once (", JobKey.MICRO_BATCH, " 1)"))
          .forEach(found::add);
    }
    if (job.checkpointing() == Checkpointing.NONE) {
      notStated(resolution, JobKey.CHECKPOINTING)
          .map(value -> Phrase.of("all activations kept (", JobKey.CHECKPOINTING, " full)"))
          .forEach(found::add);
    }
    // Gradients in fp16 can not be unscaled, so that mixed fp16 needs weights in fp32.
    if (job.weightDtype() == DataType.FP32 && job.precision() != Precision.FP16_MIXED) {
      notStated(resolution, JobKey.MODEL_DTYPE)
          .map(value -> Phrase.of("weights in fp32 (", JobKey.MODEL_DTYPE, " bf16)"))
          .forEach(found::add);
    }
    if (keepsWholeGradients(job)) {
      found.add(
          Phrase.of(
              "whole gradients kept on each GPU from one micro-batch to the next (",
              JobKey.GRAD_ACCUM,
              " 1)"));
    }
    if (job.loss() == LossKernel.FULL && job.objective().stage() == Stage.SFT) {
      notStated(resolution, JobKey.LOSS)
          .flatMap(value -> caveats.fusedLoss().stream())
          .map(
              fused ->
                  Phrase.of("whole logits in the loss (", JobKey.LOSS, " ", fused.label(), ")"))
          .forEach(found::add);
    }
    Phrase all = Phrase.of("What ", job.framework().name());
    String before = " does where nothing is said, and few expect: ";
    for (Phrase each : found) {
      all = all.and(Phrase.of(before)).and(each);
      before = ", ";
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Notice(Optional.empty(), all.and(Phrase.of("."))));
  }

  /** FSDP2 adds gradients up whole where the trainer has it reduce the last micro-batch alone. */
  private static boolean keepsWholeGradients(ResolvedJob job) {
    return job.parallelism().strategy() == Strategy.FSDP2
        && job.method() == Method.FULL
        && job.batch().gradAccum() > 1
        && !job.frameworkCode().is(SpreadCode.REDUCES_EACH);
  }

  private static Stream<ResolvedValue> notStated(Resolution resolution, JobKey key) {
    return Stream.of(Provenance.FRAMEWORK_DEFAULT, Provenance.ASSUMED)
        .flatMap(provenance -> value(resolution, key, provenance));
  }

  private static Stream<ResolvedValue> value(
      Resolution resolution, JobKey key, Provenance provenance) {
    return resolution.value(key).stream().filter(value -> value.provenance() == provenance);
  }

  private static String words(ResolvedValue value) {
    return words(value.key(), value.text());
  }

  /** A value as it is told in the first lines. */
  static String words(JobKey key, String text) {
    return switch (key) {
      case LORA_RANK -> "rank " + text;
      case LORA_TARGETS -> "adapters on " + targets(text.replace("[", "").replace("]", ""));
      case MICRO_BATCH -> "micro-batch " + text;
      case GRAD_ACCUM -> "accumulation " + text;
      case CHECKPOINTING -> "checkpointing " + text;
      case LOSS -> "loss " + text;
      case SEQUENCE_LENGTH -> text + " tokens";
      case COMPLETION_LENGTH -> "completions of " + text;
      case GROUP_SIZE -> text + " to a prompt";
      case OFFLOAD -> "offloaded " + text.replace("[", "").replace("]", "");
      case TENSOR -> "tensor " + text;
      case CONTEXT -> "context " + text;
      case PIPELINE -> "pipeline " + text;
      case GPU_COUNT -> text.equals("1") ? "one GPU" : text + " GPUs";
      default -> text;
    };
  }

  private static String targets(String names) {
    long count = names.chars().filter(each -> each == ',').count() + 1;
    return count > MOST_TARGETS ? count + " names" : Shown.oneLine(names);
  }
}
