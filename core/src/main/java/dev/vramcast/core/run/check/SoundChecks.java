package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.traits.AttentionTraits.Biases;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.SoundGrid;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/** What must hold of a job on texts of sound or of texts, and on images at which layers look. */
final class SoundChecks {

  private SoundChecks() {}

  /**
   * Whether the model's own code and loss run, on whole layers and sequences.
   *
   * @throws dev.vramcast.core.input.UnsupportedJobException for what nobody has described
   */
  static void checkModelled(Architecture architecture, ResolvedJob job) {
    boolean looks = architecture.encoder().flatMap(Encoder::crossing).isPresent();
    if (architecture.hears() || (looks && job.batch().hasImages())) {
      checkUndivided(architecture, job);
    }
    checkListener(architecture, job);
    if (!architecture.hears()) {
      return;
    }
    if (job.objective().stage() != Stage.SFT) {
      throw refusal(architecture, Gap.value(JobKey.STAGE, job.objective().stage()));
    }
    boolean keepsOwn =
        job.frameworkCode()
            .keepsOwnLoss(architecture.traits().loss(), job.framework().transformers());
    // Liger has nothing for the model, and says so.
    if (job.loss() != LossKernel.FULL && job.loss() != LossKernel.LIGER && !keepsOwn) {
      throw refusal(architecture, Gap.value(JobKey.LOSS, job.loss()));
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw refusal(architecture, Gap.about(JobKey.FRAMEWORK_NAME));
    }
    if (architecture.readsText()) {
      checkText(architecture, job);
    }
  }

  /** What nobody has described of models that write a text after another. */
  private static void checkText(Architecture architecture, ResolvedJob job) {
    if (!job.frameworkCode().is(LoopCode.TRAINS_PAIRS)) {
      throw refusal(architecture, Gap.about(JobKey.FRAMEWORK_NAME));
    }
    if (job.supervision().scoredFraction() < 1) {
      throw refusal(architecture, Gap.about(JobKey.SCORED_FRACTION));
    }
    if (job.batch().packsDocuments()) {
      throw refusal(architecture, Gap.about(JobKey.SEGMENTS));
    }
    boolean biased = !architecture.traits().attention().biases().equals(Biases.NONE);
    boolean fp16 = new StepSettings(job, architecture.traits()).baseDtype() == DataType.FP16;
    if (fp16) {
      throw refusal(architecture, Gap.value(JobKey.MODEL_DTYPE, "fp16"));
    }
    boolean cut =
        job.reentrantCheckpoints()
            && job.adapter().isPresent()
            && new StepSettings(job, architecture.traits()).code().embedsSeparately();
    if (cut) {
      throw InputError.about(JobKey.CHECKPOINTING_REENTRANT)
          .isSet(true)
          .but(
              "the input embedding of a ",
              architecture.modelType(),
              " model is never called before Transformers 5.0, so that adapters get no gradient")
          .allowed(false)
          .refusal();
    }
    boolean written =
        job.attention() == AttentionKernel.SDPA || job.attention() == AttentionKernel.EAGER;
    if (biased && !written) {
      throw refusal(architecture, Gap.value(JobKey.ATTENTION, job.attention()));
    }
  }

  /** Ranks that divide layers or sequences do not divide what layers look at. */
  private static void checkUndivided(Architecture architecture, ResolvedJob job) {
    for (JobKey way : new JobKey[] {JobKey.TENSOR, JobKey.CONTEXT}) {
      int degree = way == JobKey.TENSOR ? job.parallelism().tensor() : job.parallelism().context();
      if (degree > 1) {
        throw refusal(architecture, Gap.value(way, degree));
      }
    }
  }

  private static RuntimeException refusal(Architecture architecture, Gap gap) {
    return gap.and(" for ", architecture.modelType()).refusal();
  }

  /** Whether what runs on sound among texts is known, where the job has any. */
  private static void checkListener(Architecture architecture, ResolvedJob job) {
    if (!job.batch().hasSound()) {
      return;
    }
    Gap sound = Gap.value(JobKey.AUDIO_SECONDS, seconds(job));
    Optional<Encoder> listener = architecture.listener();
    if (listener.isEmpty() && hasTower(architecture)) {
      throw refusal(architecture, sound);
    } else if (listener.isEmpty()) {
      // No gap, but bad input.
      return;
    }
    if (!job.objective().stage().isSupervised() || job.objective().classes().isPresent()) {
      throw refusal(architecture, sound.and(" at ", JobKey.STAGE, " ", job.objective().stage()));
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw refusal(architecture, sound.and(" under a framework with models of its own"));
    }
    checkFrames(architecture, listener.get(), job);
    checkUndivided(architecture, job);
  }

  /**
   * Until 5.9 planes of Qwen3-Omni were convolved in fp32, as feature extractors give them, which
   * weights in 16 bits take under autocast alone (Qwen3OmniMoeAudioEncoder.forward).
   */
  private static void checkFrames(Architecture architecture, Encoder listener, ResolvedJob job) {
    boolean planes = listener.stack().chunks().filter(each -> each.out().isPresent()).isPresent();
    boolean older = !job.framework().transformers().atLeast(5, 9);
    boolean takesThem =
        job.autocast()
            || job.weightDtype() == DataType.FP32
            || job.parallelism().strategy().isZero();
    if (planes && older && !takesThem) {
      throw Gap.value(JobKey.PRECISION, job.precision())
          .and(" without autocast on sound of a ", architecture.modelType(), " model")
          .needs("whether its convolutions in 16 bits are given frames in fp32, an error")
          .modelled(JobKey.PRECISION, " bf16-mixed")
          .refusal();
    }
  }

  private static double seconds(ResolvedJob job) {
    return job.batch().sound().size().orElseThrow().width() / (double) SoundGrid.FRAMES;
  }

  /** A recording that the model hears whole, whose tokens have room beside those of images. */
  private static void checkRecording(Architecture architecture, ResolvedJob job) {
    if (!job.batch().hasSound()) {
      return;
    }
    Optional<SoundGrid> heard =
        architecture.listener().map(Encoder::grid).map(SoundGrid.class::cast);
    if (heard.isEmpty()) {
      checkHears(architecture, job);
      return;
    }
    SoundGrid grid = heard.get();
    if (job.batch().sound().size().orElseThrow().width() > grid.longest()) {
      int most = grid.longest() / SoundGrid.FRAMES;
      throw InputError.about(JobKey.AUDIO_SECONDS)
          .isSet(seconds(job))
          .but("a ", architecture.modelType(), " model hears ", most, " seconds at once")
          .allowed("0 to " + most)
          .refusal();
    }
    int tokens = grid.of(1, job.batch().sound().size()).orElseThrow().tokens();
    int images =
        architecture
            .encoder()
            .filter(each -> job.batch().hasImages())
            .flatMap(
                each -> each.grid().of(job.batch().images().count(), job.batch().images().size()))
            .map(ImageGrid.Parts::tokens)
            .orElse(0);
    long needed = tokens + (long) job.batch().images().count() * images;
    if (needed > job.batch().sequenceLength()) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(job.batch().sequenceLength())
          .but(JobKey.AUDIO_SECONDS, " ", seconds(job), " take ", needed, " tokens")
          .and(images > 0 ? " with the images" : "")
          .allowed("at least " + needed)
          .refusal();
    }
  }

  private static boolean hasTower(Architecture architecture) {
    return architecture.towers().stream().anyMatch(each -> each.name().equals("audio"));
  }

  /** One without a tower for it hears nothing. */
  private static void checkHears(Architecture architecture, ResolvedJob job) {
    if (!hasTower(architecture)) {
      throw InputError.about(JobKey.AUDIO_SECONDS)
          .isSet(seconds(job))
          .but("a ", architecture.modelType(), " model hears no sound")
          .allowed("0")
          .refusal();
    }
  }

  /** WhisperForConditionalGeneration.forward: labels beyond {@code max_target_positions}. */
  static void check(Architecture architecture, ResolvedJob job) {
    checkRecording(architecture, job);
    if (architecture.readsText()) {
      checkTarget(architecture, job);
      checkPositions(architecture, job);
      return;
    }
    int length = job.batch().sequenceLength();
    if (architecture.hears() && length > architecture.maxPositions()) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(length)
          .but("texts of a ", architecture.modelType(), " model are shorter")
          .allowed("1 to " + architecture.maxPositions())
          .refusal();
    }
  }

  /** Nothing says how long the text is that is written after one. */
  private static void checkTarget(Architecture architecture, ResolvedJob job) {
    if (job.batch().targetLength() == 0 && !job.batch().hasImages()) {
      throw InputError.about(JobKey.COMPLETION_LENGTH)
          .and(
              " is missing: a ",
              architecture.modelType(),
              " model reads ",
              JobKey.SEQUENCE_LENGTH,
              " tokens and writes so many")
          .allowed("1 or more, such as 128 for a summary")
          .kind(ErrorKind.MISSING)
          .refusal();
    }
  }

  /** A table of learned positions has rows for neither text beyond its end. */
  private static void checkPositions(Architecture architecture, ResolvedJob job) {
    boolean learned = architecture.embeddings().position().isPresent();
    if (!learned || job.batch().hasImages()) {
      return;
    }
    checkPositions(architecture, JobKey.SEQUENCE_LENGTH, job.batch().sequenceLength());
    checkPositions(architecture, JobKey.COMPLETION_LENGTH, job.batch().targetLength());
  }

  private static void checkPositions(Architecture architecture, JobKey key, int length) {
    if (length > architecture.maxPositions()) {
      throw InputError.about(key)
          .isSet(length)
          .but("texts of a ", architecture.modelType(), " model are shorter")
          .allowed("1 to " + architecture.maxPositions())
          .refusal();
    }
  }
}
