package dev.vramcast.core.job;

import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the job is spread over GPUs.
 *
 * @param layersPerStage of each pipeline stage; empty where none are stated
 * @param pipelining how ranks of PyTorch's pipelines take turns
 * @param sequenceScheme how ranks that share a sequence attend to all of it
 * @param expertTensor the degree that divides the features of an expert; empty for {@code tensor}
 * @param expertImbalance tokens at the fullest rank of experts over those at the mean one
 * @param reduceDtype of gradient reduction
 * @param parameterDtype of gathered parameters, the compute dtype when empty
 * @param layerClasses of the layers that accelerate's FSDP gathers one by one; empty for those of
 *     the model's {@code _no_split_modules}
 * @param checkpointsParts whether checkpoints are around the modules of a layer, not around the
 *     layer (accelerate/utils/fsdp_utils.py fsdp2_apply_ac, which until 1.14 asked its policy of a
 *     module's parent)
 * @param zeroSizes what is stated of DeepSpeed's configuration
 * @param madeDivided whether stage 3 divides each module as it is made ({@code zero.Init}), and not
 *     a model that is whole
 * @param gpus GPUs in all
 * @param placed whether somebody says in how many nodes more GPUs are than a machine usually has
 * @param network bits a second that each machine has to the others; empty where nobody says
 */
public record Parallelism(
    Strategy strategy,
    int shard,
    int replicate,
    int tensor,
    int pipeline,
    List<Integer> layersPerStage,
    int context,
    SequenceScheme sequenceScheme,
    int expert,
    OptionalInt expertTensor,
    double expertImbalance,
    int virtualPipeline,
    Pipelining pipelining,
    boolean sequenceParallel,
    boolean reshardAfterForward,
    DataType reduceDtype,
    Optional<DataType> parameterDtype,
    RootGroup rootGroup,
    List<String> layerClasses,
    boolean checkpointsParts,
    Set<OffloadTarget> offload,
    ZeroSizes zeroSizes,
    boolean madeDivided,
    int gpus,
    int nodes,
    boolean placed,
    OptionalDouble network) {

  /** GPUs of a machine where nobody says how many it has. */
  public static final int USUAL_IN_A_MACHINE = 8;

  /** The {@link #layerClasses} that stand for the model's own list, which is looked up. */
  public static final List<String> LISTED_LAYERS = List.of("auto");

  public Parallelism {
    offload = Set.copyOf(offload);
    layersPerStage = List.copyOf(layersPerStage);
    layerClasses = List.copyOf(layerClasses);
  }

  /** In which order a pipeline's ranks run micro-batches. */
  public PipelineSchedule schedule(int stagesPerRank) {
    PipelineSchedule usual =
        stagesPerRank > 1
            ? PipelineSchedule.INTERLEAVED
            : PipelineSchedule.ONE_FORWARD_ONE_BACKWARD;
    return pipelining.schedule().orElse(usual);
  }

  /** Ranks that see different examples; those that a model is divided among see the same. */
  public int dataParallel() {
    return (int) Math.max(1, gpus / ((long) tensor * pipeline * context));
  }

  /**
   * Ranks among which parameters, or what a strategy divides of a step, are divided. Those that
   * share a sequence take part: torchtitan/distributed/parallel_dims.py ({@code fsdp} is {@code
   * dp_shard} times {@code cp}), accelerate/parallelism_config.py (fsdp_dim_names), torchtune/
   * training/_distributed.py ({@code dp_shard_cp}), and DeepSpeed's runtime/engine.py, whose
   * partitions are over {@code seq_data_parallel_group}.
   */
  public int shards() {
    return shard * context;
  }

  /**
   * Whether a rank has a flat part of each parameter. FSDP1 that divides none keeps them in their
   * shapes (torch/distributed/fsdp/_flat_param.py _use_sharded_views of {@code NO_SHARD}, which
   * _init_utils.py takes for one rank).
   */
  public boolean hasFlatParts() {
    return strategy == Strategy.FSDP1 && shards() > 1;
  }

  /**
   * Sequences are padded to a multiple of so many tokens, for each rank to have its share: two
   * chunks where causal attention is evened out, one where ranks take heads, and an equal part of
   * them in sequence parallelism.
   */
  public int sequenceMultiple() {
    return context * chunks() * (sequenceParallel ? tensor : 1);
  }

  private int chunks() {
    return context > 1 && sequenceScheme != SequenceScheme.ULYSSES ? 2 : 1;
  }

  /** How routed experts are kept that run in the host's memory; empty where none does. */
  public Optional<OffloadTarget> expertsOnHost() {
    return offload.stream().filter(OffloadTarget::isOfExperts).findFirst();
  }

  /** The same with this on the host. */
  Parallelism offloading(Set<OffloadTarget> other) {
    return new ParallelismBuilder(this).offload(other).build();
  }

  /** One GPU and nothing to spread. */
  public static Parallelism single() {
    return builder().build();
  }

  /** One GPU and nothing to spread, save what is set. */
  public static ParallelismBuilder builder() {
    return new ParallelismBuilder();
  }
}
