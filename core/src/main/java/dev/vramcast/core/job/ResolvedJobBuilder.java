package dev.vramcast.core.job;

import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job on one GPU that trains without adapters, kernels of Liger, compilation, checkpointing and
 * quantisation, save what is set.
 */
public final class ResolvedJobBuilder {

  private @Nullable Objective objective;
  private @Nullable DataType weightDtype;
  private DataType checkpointDtype = DataType.BF16;
  private Quantization quantization = Quantization.NONE;
  private @Nullable Method method;
  private Optional<AdapterSettings> adapter = Optional.empty();
  private Set<FrozenPart> frozen = Set.of();
  private TrainedLayers trainableLayers = TrainedLayers.NONE;
  private @Nullable Precision precision;
  private @Nullable OptimizerSettings optimizer;
  private @Nullable Batch batch;
  private Checkpointing checkpointing = Checkpointing.NONE;
  private CheckpointPlacement checkpointPlacement = CheckpointPlacement.ALL;
  private boolean reentrant;
  private OptionalInt mlpTiles = OptionalInt.empty();
  private @Nullable AttentionKernel attention;
  private @Nullable LossKernel loss;
  private Set<LigerKernel> ligerKernels = Set.of();
  private boolean compile;
  private Parallelism parallelism = Parallelism.single();
  private @Nullable Framework framework;
  private @Nullable FrameworkCode frameworkCode;
  private AllocatorSettings allocator = AllocatorSettings.DEFAULT;
  private Supervision supervision = Supervision.PLAIN;
  private Optional<Evaluation> evaluation = Optional.empty();
  private Saving saving = Saving.AT_END;
  private MachineSettings machine = MachineSettings.UNKNOWN;
  private boolean fakeQuantises;
  private boolean torchMixers;
  private ModelClass modelClass = ModelClass.PUBLISHED;
  private NarrowLinears linears = NarrowLinears.NONE;
  private List<Gap> notModelled = List.of();

  ResolvedJobBuilder() {}

  ResolvedJobBuilder(ResolvedJob given) {
    this.objective = given.objective();
    this.weightDtype = given.weightDtype();
    this.checkpointDtype = given.checkpointDtype();
    this.quantization = given.quantization();
    this.method = given.method();
    this.adapter = given.adapter();
    this.frozen = given.frozen();
    this.trainableLayers = given.trainableLayers();
    this.precision = given.precision();
    this.optimizer = given.optimizer();
    this.batch = given.batch();
    this.supervision = given.supervision();
    this.evaluation = given.evaluation();
    this.saving = given.saving();
    this.machine = given.machine();
    this.checkpointing = given.checkpointing();
    this.checkpointPlacement = given.checkpointPlacement();
    this.reentrant = given.reentrant();
    this.mlpTiles = given.mlpTiles();
    this.attention = given.attention();
    this.loss = given.loss();
    this.ligerKernels = given.ligerKernels();
    this.compile = given.compile();
    this.parallelism = given.parallelism();
    this.framework = given.framework();
    this.frameworkCode = given.frameworkCode();
    this.allocator = given.allocator();
    this.fakeQuantises = given.fakeQuantises();
    this.torchMixers = given.torchMixers();
    this.modelClass = given.modelClass();
    this.linears = given.linears();
    this.notModelled = given.notModelled();
  }

  public ResolvedJobBuilder objective(Objective value) {
    this.objective = value;
    return this;
  }

  public ResolvedJobBuilder checkpointDtype(DataType value) {
    this.checkpointDtype = value;
    return this;
  }

  public ResolvedJobBuilder weightDtype(DataType value) {
    this.weightDtype = value;
    return this;
  }

  public ResolvedJobBuilder quantization(Quantization value) {
    this.quantization = value;
    return this;
  }

  public ResolvedJobBuilder method(Method value) {
    this.method = value;
    return this;
  }

  public ResolvedJobBuilder adapter(Optional<AdapterSettings> value) {
    this.adapter = value;
    return this;
  }

  public ResolvedJobBuilder frozen(Set<FrozenPart> value) {
    this.frozen = value;
    return this;
  }

  public ResolvedJobBuilder trainableLayers(TrainedLayers value) {
    this.trainableLayers = value;
    return this;
  }

  public ResolvedJobBuilder precision(Precision value) {
    this.precision = value;
    return this;
  }

  public ResolvedJobBuilder optimizer(OptimizerSettings value) {
    this.optimizer = value;
    return this;
  }

  public ResolvedJobBuilder batch(Batch value) {
    this.batch = value;
    return this;
  }

  public ResolvedJobBuilder checkpointing(Checkpointing value) {
    this.checkpointing = value;
    return this;
  }

  public ResolvedJobBuilder checkpointPlacement(CheckpointPlacement value) {
    this.checkpointPlacement = value;
    return this;
  }

  public ResolvedJobBuilder reentrant(boolean value) {
    this.reentrant = value;
    return this;
  }

  public ResolvedJobBuilder mlpTiles(OptionalInt value) {
    this.mlpTiles = value;
    return this;
  }

  public ResolvedJobBuilder attention(AttentionKernel value) {
    this.attention = value;
    return this;
  }

  public ResolvedJobBuilder loss(LossKernel value) {
    this.loss = value;
    return this;
  }

  public ResolvedJobBuilder ligerKernels(Set<LigerKernel> value) {
    this.ligerKernels = value;
    return this;
  }

  public ResolvedJobBuilder compile(boolean value) {
    this.compile = value;
    return this;
  }

  public ResolvedJobBuilder parallelism(Parallelism value) {
    this.parallelism = value;
    return this;
  }

  public ResolvedJobBuilder framework(Framework value) {
    this.framework = value;
    return this;
  }

  public ResolvedJobBuilder frameworkCode(FrameworkCode value) {
    this.frameworkCode = value;
    return this;
  }

  public ResolvedJobBuilder allocator(AllocatorSettings value) {
    this.allocator = value;
    return this;
  }

  public ResolvedJobBuilder supervision(Supervision value) {
    this.supervision = value;
    return this;
  }

  public ResolvedJobBuilder saving(Saving value) {
    this.saving = value;
    return this;
  }

  public ResolvedJobBuilder machine(MachineSettings value) {
    this.machine = value;
    return this;
  }

  public ResolvedJobBuilder evaluation(Optional<Evaluation> value) {
    this.evaluation = value;
    return this;
  }

  public ResolvedJobBuilder fakeQuantises(boolean value) {
    this.fakeQuantises = value;
    return this;
  }

  public ResolvedJobBuilder torchMixers(boolean value) {
    this.torchMixers = value;
    return this;
  }

  public ResolvedJobBuilder modelClass(ModelClass value) {
    this.modelClass = value;
    return this;
  }

  public ResolvedJobBuilder linears(NarrowLinears value) {
    this.linears = value;
    return this;
  }

  public ResolvedJobBuilder notModelled(List<Gap> value) {
    this.notModelled = value;
    return this;
  }

  /**
   * The value of all parts.
   *
   * @throws NullPointerException naming a part that has no default and is not set
   */
  public ResolvedJob build() {
    return new ResolvedJob(
        Objects.requireNonNull(objective, "objective"),
        Objects.requireNonNull(weightDtype, "weightDtype"),
        checkpointDtype,
        quantization,
        Objects.requireNonNull(method, "method"),
        adapter,
        trainableLayers,
        frozen,
        Objects.requireNonNull(precision, "precision"),
        Objects.requireNonNull(optimizer, "optimizer"),
        Objects.requireNonNull(batch, "batch"),
        supervision,
        evaluation,
        saving,
        machine,
        checkpointing,
        checkpointPlacement,
        reentrant,
        mlpTiles,
        Objects.requireNonNull(attention, "attention"),
        Objects.requireNonNull(loss, "loss"),
        ligerKernels,
        compile,
        parallelism,
        Objects.requireNonNull(framework, "framework"),
        Objects.requireNonNull(frameworkCode, "frameworkCode"),
        allocator,
        fakeQuantises,
        torchMixers,
        modelClass,
        linears,
        notModelled);
  }
}
