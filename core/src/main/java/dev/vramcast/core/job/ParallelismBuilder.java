package dev.vramcast.core.job;

import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** One GPU and nothing to spread, save what is set. */
public final class ParallelismBuilder {

  private Strategy strategy = Strategy.NONE;
  private int shard = 1;
  private int replicate = 1;
  private int tensor = 1;
  private int pipeline = 1;
  private int context = 1;
  private SequenceScheme sequenceScheme = SequenceScheme.ALLGATHER;
  private int expert = 1;
  private OptionalInt expertTensor = OptionalInt.empty();
  private double expertImbalance = 1.0;
  private List<Integer> layersPerStage = List.of();
  private int virtualPipeline = 1;
  private Pipelining pipelining = Pipelining.UNSAID;
  private boolean sequenceParallel;
  private boolean reshardAfterForward = true;
  private DataType reduceDtype = DataType.FP32;
  private Optional<DataType> parameterDtype = Optional.empty();
  private RootGroup rootGroup = RootGroup.PLAIN;
  private List<String> layerClasses = List.of();
  private boolean checkpointsParts;
  private Set<OffloadTarget> offload = Set.of();
  private ZeroSizes zeroSizes = ZeroSizes.UNSTATED;
  private boolean madeDivided = true;
  private int gpus = 1;
  private int nodes = 1;
  private boolean placed;
  private OptionalDouble network = OptionalDouble.empty();

  ParallelismBuilder() {}

  /** All that is given, save what is set. */
  ParallelismBuilder(Parallelism given) {
    this.strategy = given.strategy();
    this.shard = given.shard();
    this.replicate = given.replicate();
    this.tensor = given.tensor();
    this.pipeline = given.pipeline();
    this.layersPerStage = given.layersPerStage();
    this.context = given.context();
    this.sequenceScheme = given.sequenceScheme();
    this.expert = given.expert();
    this.expertTensor = given.expertTensor();
    this.expertImbalance = given.expertImbalance();
    this.virtualPipeline = given.virtualPipeline();
    this.pipelining = given.pipelining();
    this.sequenceParallel = given.sequenceParallel();
    this.reshardAfterForward = given.reshardAfterForward();
    this.reduceDtype = given.reduceDtype();
    this.parameterDtype = given.parameterDtype();
    this.rootGroup = given.rootGroup();
    this.layerClasses = given.layerClasses();
    this.checkpointsParts = given.checkpointsParts();
    this.offload = given.offload();
    this.zeroSizes = given.zeroSizes();
    this.madeDivided = given.madeDivided();
    this.gpus = given.gpus();
    this.nodes = given.nodes();
    this.placed = given.placed();
    this.network = given.network();
  }

  public ParallelismBuilder strategy(Strategy value) {
    this.strategy = value;
    return this;
  }

  public ParallelismBuilder shard(int value) {
    this.shard = value;
    return this;
  }

  public ParallelismBuilder replicate(int value) {
    this.replicate = value;
    return this;
  }

  public ParallelismBuilder tensor(int value) {
    this.tensor = value;
    return this;
  }

  public ParallelismBuilder pipeline(int value) {
    this.pipeline = value;
    return this;
  }

  public ParallelismBuilder context(int value) {
    this.context = value;
    return this;
  }

  public ParallelismBuilder sequenceScheme(SequenceScheme value) {
    this.sequenceScheme = value;
    return this;
  }

  public ParallelismBuilder expert(int value) {
    this.expert = value;
    return this;
  }

  /** Empty for the degree of all else. */
  public ParallelismBuilder expertTensor(OptionalInt value) {
    this.expertTensor = value;
    return this;
  }

  public ParallelismBuilder expertImbalance(double value) {
    this.expertImbalance = value;
    return this;
  }

  public ParallelismBuilder layersPerStage(List<Integer> value) {
    this.layersPerStage = value;
    return this;
  }

  public ParallelismBuilder pipelining(Pipelining value) {
    this.pipelining = value;
    return this;
  }

  public ParallelismBuilder virtualPipeline(int value) {
    this.virtualPipeline = value;
    return this;
  }

  public ParallelismBuilder sequenceParallel(boolean value) {
    this.sequenceParallel = value;
    return this;
  }

  public ParallelismBuilder reshardAfterForward(boolean value) {
    this.reshardAfterForward = value;
    return this;
  }

  public ParallelismBuilder reduceDtype(DataType value) {
    this.reduceDtype = value;
    return this;
  }

  public ParallelismBuilder parameterDtype(Optional<DataType> value) {
    this.parameterDtype = value;
    return this;
  }

  public ParallelismBuilder rootGroup(RootGroup value) {
    this.rootGroup = value;
    return this;
  }

  public ParallelismBuilder checkpointsParts(boolean value) {
    this.checkpointsParts = value;
    return this;
  }

  /** Empty for those of the model's own list. */
  public ParallelismBuilder layerClasses(List<String> value) {
    this.layerClasses = value;
    return this;
  }

  public ParallelismBuilder offload(Set<OffloadTarget> value) {
    this.offload = value;
    return this;
  }

  public ParallelismBuilder zeroSizes(ZeroSizes value) {
    this.zeroSizes = value;
    return this;
  }

  public ParallelismBuilder madeDivided(boolean value) {
    this.madeDivided = value;
    return this;
  }

  public ParallelismBuilder gpus(int value) {
    this.gpus = value;
    return this;
  }

  public ParallelismBuilder nodes(int value) {
    this.nodes = value;
    return this;
  }

  /** Whether somebody says in how many machines more GPUs are than one usually has. */
  public ParallelismBuilder placed(boolean value) {
    this.placed = value;
    return this;
  }

  public ParallelismBuilder network(OptionalDouble value) {
    this.network = value;
    return this;
  }

  public Parallelism build() {
    return new Parallelism(
        strategy,
        shard,
        replicate,
        tensor,
        pipeline,
        layersPerStage,
        context,
        sequenceScheme,
        expert,
        expertTensor,
        expertImbalance,
        virtualPipeline,
        pipelining,
        sequenceParallel,
        reshardAfterForward,
        reduceDtype,
        parameterDtype,
        rootGroup,
        layerClasses,
        checkpointsParts,
        offload,
        zeroSizes,
        madeDivided,
        gpus,
        nodes,
        placed,
        network);
  }
}
