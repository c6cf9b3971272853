package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.CodeFacts;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.module.VisionLoader;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.step.stack.ImageWriter;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.Set;

/**
 * The encoder of the first stage: the module of Transformers, whole on every rank and in the
 * parameters' dtype, behind none of what a trainer of theirs does.
 *
 * @param merges how its tokens come among those of the text
 * @param requiresGrad the output of its embedding is made to require a gradient
 * @param images of a micro-batch
 * @param own those that this rank runs
 */
record StageEncoder(
    Graph graph,
    VisionModule vision,
    Sharding parameters,
    LayerCode.Encoders merges,
    boolean requiresGrad,
    int images,
    int own) {

  /** Puts its parameters among those of the stage. */
  static StageEncoder load(
      Graph graph, ParameterBuffers buffers, Architecture model, Encoder encoder, ResolvedJob job) {
    Batch all = job.batch();
    int images = Math.multiplyExact(all.microBatch(), all.images().count());
    int own = own(images, job);
    Batch run =
        own == images
            ? batch(all, all.microBatch(), all.images())
            : batch(all, 1, new Images(own, all.images().size()));
    StepSettings settings = new StepSettings(inside(job, run), model.traits());
    Sharding parameters = new EncoderParameters(buffers);
    VisionModule vision = VisionLoader.load(graph, encoder, settings, parameters);
    boolean opens = checkpoints(job) == LayerCode.EncoderCheckpoints.ALWAYS;
    return new StageEncoder(graph, vision, parameters, way(job), opens, images, own);
  }

  private static Batch batch(Batch all, int sequences, Images images) {
    int length = all.sequenceLength();
    return new Batch(
        sequences,
        all.gradAccum(),
        length,
        all.padding(),
        1,
        images,
        all.targetLength(),
        Images.NONE);
  }

  /** Of so many images those of the fullest rank. */
  private static int own(int images, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    int ranks = Math.multiplyExact(degrees.tensor(), degrees.context());
    boolean divided = way(job) == LayerCode.Encoders.DIVIDED && images >= ranks;
    return divided ? (images + ranks - 1) / ranks : images;
  }

  /** The job as the encoder's code sees it. */
  private static ResolvedJob inside(ResolvedJob job, Batch run) {
    boolean asked = way(job) == LayerCode.Encoders.DIVIDED;
    return job.toBuilder()
        .batch(run)
        .parallelism(Parallelism.builder().build())
        .attention(way(job).attention(job.attention()))
        .checkpointing(runsAgain(job) ? Checkpointing.FULL : Checkpointing.NONE)
        .reentrant(!asked && !job.framework().transformers().atLeast(5, 0))
        .precision(Precision.pure(job.computeDtype()))
        .weightDtype(job.computeDtype())
        .ligerKernels(Set.of())
        .compile(false)
        .frameworkCode(new CodeFacts().code())
        .build();
  }

  private static boolean runsAgain(ResolvedJob job) {
    return switch (checkpoints(job)) {
      case NEVER -> false;
      case WITH_LAYERS -> job.checkpointing() == Checkpointing.FULL;
      case TRAINED -> !job.frozen().contains(FrozenPart.TOWERS);
      case ALWAYS -> true;
    };
  }

  private static LayerCode.EncoderCheckpoints checkpoints(ResolvedJob job) {
    return job.frameworkCode().get(LayerCode.ENCODER_CHECKPOINTS);
  }

  private static LayerCode.Encoders way(ResolvedJob job) {
    return job.frameworkCode().get(LayerCode.ENCODERS);
  }

  /** What runs it once. */
  ImageWriter writer() {
    boolean again = vision.settings().job().checkpointing() != Checkpointing.NONE;
    return new ImageWriter(graph, vision, parameters, requiresGrad, again);
  }

  /** Whether a rank puts tokens among its own rows alone. */
  boolean mergesShares() {
    return merges == LayerCode.Encoders.DIVIDED;
  }

  /** Pixels of a micro-batch in fp32, as processors give them. */
  Tensor pixels() {
    return graph.allocate(Aten.TO_COPY, "pixels", Category.OTHER, vision.pixels(), DataType.FP32);
  }
}
