package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.ModulePaths;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.Set;

/** What must hold between the images of a job and the model that sees them. */
final class ImageChecks {

  private ImageChecks() {}

  static void check(Architecture architecture, ResolvedJob asked) {
    ResolvedJob job = asked.hearing(architecture);
    if (architecture.hears()) {
      checkCheckpoints(architecture, architecture.encoder().orElseThrow(), job);
    }
    if (!asked.batch().hasImages()) {
      return;
    }
    Images images = asked.batch().images();
    if (architecture.towers().isEmpty() || architecture.hears()) {
      throw InputError.about(JobKey.IMAGES)
          .isSet(images.count())
          .but("a ", architecture.modelType(), " model reads no images")
          .allowed("0")
          .refusal();
    }
    Encoder encoder =
        architecture
            .encoder()
            .orElseThrow(
                () ->
                    Gap.value(JobKey.IMAGES, images.count())
                        .and(" for ", architecture.modelType())
                        .refusal());
    ImageGrid.Parts parts =
        encoder
            .grid()
            .of(images.count(), images.size())
            .orElseThrow(
                () ->
                    InputError.about(JobKey.IMAGE_SIZE)
                        .kind(ErrorKind.MISSING)
                        .and(" is required where ", JobKey.IMAGES, " is ", images.count())
                        .and(": a ", architecture.modelType())
                        .and(" model makes more tokens of a larger image")
                        .hint("give width and height in pixels, such as 1024x768")
                        .refusal());
    checkLength(images, parts, job);
    checkUnits(architecture, encoder, job);
    checkPixels(architecture, encoder, job);
    checkCheckpoints(architecture, encoder, job);
  }

  /**
   * Layers of a resampler are gathered one by one, which is not traced (Idefics2PerceiverLayer),
   * and a network of timm in one unit (TimmWrapperModel) or by its convolutions.
   */
  private static void checkUnits(Architecture architecture, Encoder encoder, ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    boolean apart =
        encoder.projector() instanceof Projector.Resampled
            || encoder.stack().patches().net().isPresent();
    if (apart && !strategy.keepsWeightsWhole()) {
      throw Gap.value(JobKey.STRATEGY, strategy)
          .and(" on images of a ", architecture.modelType(), " model")
          .modelled("none, ddp, zero1, zero2")
          .refusal();
    }
  }

  /**
   * A reentrant checkpoint runs the backward pass of all that its function closes over, so that the
   * first layer that looks at images uses up the tower's graph ({@code torch/utils/checkpoint.py
   * CheckpointFunction}; transformers modeling_layers.py hands keyword arguments on by a closure).
   */
  private static void checkCheckpoints(
      Architecture architecture, Encoder encoder, ResolvedJob job) {
    boolean loses = encoder.stack().layers().byKeyword() && job.reentrantCheckpoints();
    if (loses && trains(architecture, job, EnumSet.of(FrozenPart.TOWERS))) {
      throw Gap.value(JobKey.CHECKPOINTING_REENTRANT, true)
          .and(
              ", under which the tower of a ", architecture.modelType(), " model gets no gradient,")
          .refusal();
    }
    boolean closesOver =
        encoder
            .crossing()
            .filter(each -> each.byName().contains(job.framework().transformers()))
            .isPresent();
    boolean back = closesOver && job.reentrantCheckpoints();
    if (back && trains(architecture, job, EnumSet.allOf(FrozenPart.class))) {
      throw InputError.about(JobKey.CHECKPOINTING_REENTRANT)
          .isSet(true)
          .but(
              "layers of a ",
              architecture.modelType(),
              " model that look at what its encoder makes need its graph again, which is gone then")
          .allowed(false)
          .refusal();
    }
  }

  /**
   * A linear or a convolution takes fp32 pixels, as processors give them, under autocast alone
   * where its weights are in 16 bits (transformers modeling_llama4.py Llama4UnfoldConvolution and
   * modeling_kimi_k25.py Kimi_K25VisionPatchEmbed, which cast nothing); quantised linears cast
   * their input, and so does DeepSpeed (transformers/trainer.py _prepare_input).
   */
  private static void checkPixels(Architecture architecture, Encoder encoder, ResolvedJob job) {
    PatchEmbedding.Way way = encoder.stack().patches().way();
    if (way == PatchEmbedding.Way.LINEAR && !job.quantization().isNone()) {
      // pixel_values.to(self.patch_embedding.weight.dtype), a whole number's (modeling_siglip2.py).
      throw Gap.value(JobKey.QUANTIZATION_SCHEME, job.quantization().scheme())
          .and(" on images of a ", architecture.modelType(), " model, whose code casts pixels to")
          .and(" the dtype that the quantised linear of patches is stored in,")
          .refusal();
    }
    boolean convolves = encoder.stack().patches().pixels() == PatchEmbedding.Pixels.UNCAST;
    boolean takesThem =
        job.autocast()
            || job.weightDtype() == DataType.FP32
            || !convolves && !job.quantization().isNone()
            || job.parallelism().strategy().isZero();
    if ((way == PatchEmbedding.Way.UNFOLDED || convolves) && !takesThem) {
      throw Gap.value(JobKey.PRECISION, job.precision())
          .and(" without autocast on images of a ", architecture.modelType(), " model")
          .needs("whether what reads patches in 16 bits is given pixels in fp32, an error")
          .modelled(JobKey.PRECISION, " bf16-mixed")
          .refusal();
    }
  }

  /** Whether gradients reach some of what images go through. */
  private static boolean trains(Architecture architecture, ResolvedJob job, Set<FrozenPart> parts) {
    return architecture.towers().stream()
        .filter(tower -> tower.encoder().isPresent())
        .flatMap(tower -> tower.linears().stream())
        .filter(each -> parts.contains(part(each)) && !job.frozen().contains(part(each)))
        .anyMatch(
            each -> job.adapter().map(adapter -> ModulePaths.isTarget(each, adapter)).orElse(true));
  }

  private static FrozenPart part(Linear linear) {
    return Tower.isProjector(linear.name()) ? FrozenPart.PROJECTORS : FrozenPart.TOWERS;
  }

  private static void checkLength(Images images, ImageGrid.Parts parts, ResolvedJob job) {
    long tokens = (long) images.count() * parts.tokens();
    int length = job.batch().sequenceLength();
    if (tokens > length) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(length)
          .but(JobKey.IMAGES, " ", images.count(), " take ", tokens, " tokens")
          .allowed("at least " + tokens)
          .refusal();
    }
  }
}
