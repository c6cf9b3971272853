package dev.vramcast.core.job;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A fine-tuning job in which nothing is left open: what the trace is written from.
 *
 * @param objective what a step optimises
 * @param weightDtype in which weights that are not quantised are loaded
 * @param checkpointDtype in which the weights were published
 * @param adapter empty when no adapters are trained
 * @param trainableLayers for {@link Method#FREEZE}: the layers that are trained
 * @param frozen parts beside the language model that are neither trained nor adapted
 * @param supervision what labels and inputs are made into
 * @param evaluation empty where there is none
 * @param saving what it writes to disk
 * @param machine on which it runs, beside the GPUs
 * @param checkpointPlacement that it is about
 * @param reentrant PyTorch's {@code use_reentrant} of checkpointing
 * @param mlpTiles pieces of each sequence that an MLP runs on one after the other, and again in the
 *     backward pass; empty where it runs on all tokens at once
 * @param frameworkCode what the framework's code does beside these settings
 * @param fakeQuantises linears compute with inputs and weights rounded to few bits, which stay in
 *     their dtype (quantisation-aware training)
 * @param torchMixers recurrent layers run their torch path, not fused kernels
 * @param modelClass in which the model is loaded
 * @param linears what stands where the model has linears that are trained
 * @param notModelled settings whose tensors nobody has described yet, e.g. {@code batch.images}: no
 *     figure is made of a job that has any
 */
public record ResolvedJob(
    Objective objective,
    DataType weightDtype,
    DataType checkpointDtype,
    Quantization quantization,
    Method method,
    Optional<AdapterSettings> adapter,
    TrainedLayers trainableLayers,
    Set<FrozenPart> frozen,
    Precision precision,
    OptimizerSettings optimizer,
    Batch batch,
    Supervision supervision,
    Optional<Evaluation> evaluation,
    Saving saving,
    MachineSettings machine,
    Checkpointing checkpointing,
    CheckpointPlacement checkpointPlacement,
    boolean reentrant,
    OptionalInt mlpTiles,
    AttentionKernel attention,
    LossKernel loss,
    Set<LigerKernel> ligerKernels,
    boolean compile,
    Parallelism parallelism,
    Framework framework,
    FrameworkCode frameworkCode,
    AllocatorSettings allocator,
    boolean fakeQuantises,
    boolean torchMixers,
    ModelClass modelClass,
    NarrowLinears linears,
    List<Gap> notModelled) {

  public ResolvedJob {
    frozen = Set.copyOf(frozen);
    ligerKernels = Set.copyOf(ligerKernels);
    notModelled = List.copyOf(notModelled);
  }

  /** The dtype in which matrix products run. */
  public DataType computeDtype() {
    return switch (precision) {
      case FP32 -> DataType.FP32;
      case BF16, BF16_MIXED -> DataType.BF16;
      case FP16, FP16_MIXED -> DataType.FP16;
    };
  }

  /** Whether the inputs of layers wait in host memory between the passes. */
  public boolean checkpointsOnHost() {
    return checkpointing == Checkpointing.OFFLOADED;
  }

  /** Whether every layer is run again in the backward pass by a pass of its own. */
  public boolean reentrantCheckpoints() {
    return switch (checkpointing) {
      case NONE, SELECTIVE -> false;
      case FULL -> reentrant;
      case OFFLOADED -> true;
    };
  }

  /**
   * The job on a model; each sequence has the segment of sound or the text that it was written
   * after, where the model takes one.
   */
  public ResolvedJob hearing(Architecture model) {
    if (!model.hears() || batch.hasImages()) {
      return this;
    }
    return toBuilder().batch(model.readsText() ? batch.writing() : batch.hearing()).build();
  }

  /** Whether the forward pass runs under autocast. */
  public boolean autocast() {
    return precision == Precision.BF16_MIXED || precision == Precision.FP16_MIXED;
  }

  /** The embedding's output is made to require a gradient. */
  public boolean inputsRequireGrad() {
    boolean ofTrained =
        optimizer.name().isBlockwise() && frameworkCode.is(LayerCode.CHECKPOINTS_TRAINED);
    boolean always = frameworkCode.is(LoopCode.DIFFERENTIABLE_INPUTS) || ofTrained;
    return checkpointing != Checkpointing.NONE && (always || adapter.isPresent());
  }

  /**
   * The job of the model that the policy is compared with: no adapters, every layer frozen, and the
   * dtype and storage that the objective gives it.
   */
  public ResolvedJob reference() {
    Optional<Settings.Reference> reference = objective.comparedWith();
    return toBuilder()
        .method(Method.FREEZE)
        .adapter(Optional.empty())
        .trainableLayers(TrainedLayers.NONE)
        .weightDtype(
            reference.flatMap(Settings.Reference::dtype).map(this::prepared).orElse(weightDtype))
        .quantization(
            reference
                .flatMap(Settings.Reference::quantization)
                .map(Quantization::of)
                .orElse(quantization))
        .parallelism(ofReference(reference))
        .build();
  }

  /** Whether every rank has the whole of what the policy is compared with, or learns from. */
  public boolean keepsReferenceWhole() {
    boolean sharded = parallelism.strategy().isFsdp();
    return sharded && frameworkCode.stages().wholeReferences().contains(objective.stage());
  }

  private Parallelism ofReference(Optional<Settings.Reference> reference) {
    if (keepsReferenceWhole()) {
      return Parallelism.single();
    }
    return reference.filter(Settings.Reference::onHost).isPresent() ? onHost() : parallelism;
  }

  /** Parameters are on the host but while they are used. */
  private Parallelism onHost() {
    Set<OffloadTarget> offload = EnumSet.of(OffloadTarget.PARAMETERS);
    offload.addAll(parallelism.offload());
    return parallelism.offloading(offload);
  }

  /**
   * The dtype of a frozen model beside the policy: what its engine casts it to as the policy's does
   * (trl/models/utils.py prepare_deepspeed), else its own.
   */
  private DataType prepared(DataType own) {
    boolean casts = parallelism.strategy().isZero() && !precision.equals(Precision.FP32);
    return casts ? computeDtype() : own;
  }

  /**
   * The job of the model that is distilled, frozen, in its own dtype and storage. A guide of
   * embeddings is not prepared, and so not under autocast (sentence_transformers/base/trainer.py
   * override_model_in_loss).
   */
  public ResolvedJob teacher() {
    Settings.Teacher teacher = objective.distilled().orElseThrow();
    boolean guides = objective instanceof Objective.SentenceEmbedding;
    return toBuilder()
        .precision(guides ? Precision.pure(teacher.dtype()) : precision)
        .method(Method.FREEZE)
        .adapter(Optional.empty())
        .trainableLayers(TrainedLayers.NONE)
        .weightDtype(guides ? teacher.dtype() : prepared(teacher.dtype()))
        .quantization(Quantization.of(teacher.quantization()))
        .parallelism(keepsReferenceWhole() ? Parallelism.single() : parallelism)
        .build();
  }

  /** The job of a model that gives numbers in place of words, trained whole. */
  public ResolvedJob valuing() {
    return toBuilder()
        .objective(new Objective.Classification(1))
        .method(Method.FULL)
        .adapter(Optional.empty())
        .quantization(Quantization.NONE)
        .build();
  }

  /** The job of a model that scores completions, frozen. */
  public ResolvedJob rewarding() {
    return valuing().toBuilder().method(Method.FREEZE).trainableLayers(TrainedLayers.NONE).build();
  }

  /**
   * GPUs of an engine of which nobody states them: one, or where recipes always do, the least power
   * of two at which its share of a card holds its part of the weights, and keys and values of all
   * completions of a batch at their longest.
   *
   * @param pairBytes keys and values of a prompt with its longest completion
   */
  public int engineDegree(double weightBytes, double pairBytes, double shareBytes) {
    if (!frameworkCode.stages().does(StageHabit.FITS_ENGINE)) {
      return 1;
    }
    int rounds = objective.generated().flatMap(Settings.Generation::stepsPerGeneration).orElse(1);
    double sequences =
        (double) rounds * batch.microBatch() * parallelism.dataParallel() / parallelism.gpus();
    double pool = pairBytes * sequences < shareBytes / 2 ? pairBytes * sequences : 0;
    int degree = 1;
    while (degree < parallelism.gpus() && weightBytes / degree + pool >= shareBytes) {
      degree *= 2;
    }
    return degree;
  }

  /** Where the model is before it is on the GPUs. */
  public LoadPlace loadPlace() {
    return switch (parallelism.strategy()) {
      case NONE -> frameworkCode.get(SpreadCode.LOADS_ALONE);
      case DDP, ZERO1, ZERO2 -> frameworkCode.get(SpreadCode.LOADS_COPIES);
      case FSDP1, FSDP2 -> shardsPlace(frameworkCode.get(SpreadCode.LOADS_SHARDS));
      case ZERO3 ->
          shardsPlace(
              parallelism.madeDivided() || !quantization.isNone()
                  ? frameworkCode.get(SpreadCode.LOADS_SHARDS)
                  : LoadPlace.HOST);
      case MEGATRON -> LoadPlace.HOST;
    };
  }

  private LoadPlace shardsPlace(LoadPlace usual) {
    return machine
        .firstRankLoads()
        .map(first -> first ? LoadPlace.FIRST_RANK : LoadPlace.HOST)
        .orElse(usual);
  }

  /**
   * A quantised model that the first rank loads is made on the GPUs of the others without values,
   * for which nothing is copied there ({@code param_init_fn}) and they do not wait, unless what
   * they keep of it goes back to the host.
   */
  public boolean emptiesQuantised() {
    return parallelism.strategy() == Strategy.FSDP1
        && parallelism.shards() > 1
        && !quantization.isNone()
        && !parallelism.offload().contains(OffloadTarget.PARAMETERS)
        && loadPlace() == LoadPlace.FIRST_RANK
        && frameworkCode.is(SpreadCode.EMPTIES_QUANTISED);
  }

  /** The same with other code in the place of its linears. */
  public ResolvedJob with(NarrowLinears others) {
    return others == linears ? this : toBuilder().linears(others).build();
  }

  /** The job of the rank that loads the model, which waits for each part of it. */
  public ResolvedJob ofFirstRank() {
    return toBuilder().frameworkCode(frameworkCode.ofFirstRank()).build();
  }

  /** Whether the trainer switches dropout off. */
  public boolean dropsNothing() {
    return frameworkCode.stages().withoutDropout().contains(objective.stage());
  }

  /** The same job in a loop that holds the model's output through the backward pass. */
  public ResolvedJob keepingLogits() {
    return toBuilder().frameworkCode(frameworkCode.keepingOutputs()).build();
  }

  /** The same job with another batch. */
  public ResolvedJob with(Batch other) {
    return toBuilder().batch(other).build();
  }

  /**
   * A job on one GPU that trains without adapters, kernels of Liger, compilation, checkpointing and
   * quantisation, save what is set.
   */
  public static ResolvedJobBuilder builder() {
    return new ResolvedJobBuilder();
  }

  /** This job, save what is set. */
  public ResolvedJobBuilder toBuilder() {
    return new ResolvedJobBuilder(this);
  }
}
