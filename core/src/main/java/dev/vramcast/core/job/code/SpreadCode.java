package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Strategy;
import java.util.List;
import java.util.Set;

/** How a framework spreads a job over GPUs. */
public final class SpreadCode {

  /** Strategies that it is started with, where none is its default. */
  public static final CodeKey<List<Strategy>> STRATEGIES =
      new CodeKey<>("spread.strategies", List.of(Strategy.DDP));

  /** Several GPUs may work on parts of the same sequences. */
  public static final CodeKey<Boolean> DIVIDES_SEQUENCES =
      new CodeKey<>("spread.divides_sequences", true);

  /** Stages whose trainers are known to have a sequence's loss made by the GPUs that share it. */
  public static final CodeKey<Set<Stage>> DIVIDED_STAGES =
      new CodeKey<>("spread.divided_stages", Stage.those(stage -> true));

  /** Stages whose trainers refuse GPUs that share a sequence. */
  public static final CodeKey<Set<Stage>> WHOLE_STAGES =
      new CodeKey<>("spread.whole_stages", Set.of());

  /**
   * Stages whose trainers make checkpoints of adapters under ZeRO-3 reentrant, whatever is asked.
   */
  public static final CodeKey<Set<Stage>> REENTRANT_STAGES =
      new CodeKey<>("spread.reentrant_stages", Set.of());

  /** FSDP1 gives adapters units of their own. */
  public static final CodeKey<Boolean> ADAPTER_UNITS = new CodeKey<>("spread.adapter_units", true);

  /**
   * FSDP1 is around the checkpoint of a layer; else the checkpoint is around FSDP1, which runs
   * again with the layer.
   */
  public static final CodeKey<Boolean> SHARDS_CHECKPOINTS =
      new CodeKey<>("spread.shards_checkpoints", false);

  /** Whose ZeRO runs. */
  public static final CodeKey<ZeroConfiguration> ZERO =
      new CodeKey<>("spread.zero", ZeroConfiguration.TRAINER);

  /** DeepSpeed heeds {@code overlap_comm} in stage 1. */
  public static final CodeKey<Boolean> OVERLAPS_FIRST =
      new CodeKey<>("spread.overlaps_first", true);

  /**
   * DeepSpeed opens its buckets when the backward pass is called, and not with the first gradient.
   */
  public static final CodeKey<Boolean> EARLY_BUCKETS = new CodeKey<>("spread.early_buckets", false);

  /**
   * Modules that DeepSpeed's stage 3 gathers, releases and reduces as one, by the code of their
   * forward passes.
   */
  public static final CodeKey<Set<String>> LEAF_BLOCKS =
      new CodeKey<>("spread.leaf_blocks", Set.of());

  /**
   * FSDP2 reduces the gradients of every micro-batch; else they are added up whole, and the last
   * one reduces their sum.
   */
  public static final CodeKey<Boolean> REDUCES_EACH = new CodeKey<>("spread.reduces_each", false);

  /** As {@link #REDUCES_EACH}, of FSDP1. */
  public static final CodeKey<Boolean> FLAT_REDUCES_EACH =
      new CodeKey<>("spread.flat_reduces_each", false);

  /**
   * What is offloaded leaves the GPUs while others have their turn on them, and is back while its
   * model runs; else it is on the host all the time.
   */
  public static final CodeKey<Boolean> OFFLOADS_BETWEEN =
      new CodeKey<>("spread.offloads_between", false);

  /**
   * Optimizer states that are offloaded beside parameters on the GPU are brought to it for the
   * update, and leave it again; else there is no update of such parameters.
   */
  public static final CodeKey<Boolean> SWAPS_STATES = new CodeKey<>("spread.swaps_states", false);

  /** Of which models DDP looks for parameters that no pass has used. */
  public static final CodeKey<Unused> SEEKS_UNUSED =
      new CodeKey<>("spread.seeks_unused", Unused.NEVER);

  /** FSDP2 divides bitsandbytes' 8-bit weights, whose class it loses by itself. */
  public static final CodeKey<Boolean> SHARDS_INT8 = new CodeKey<>("spread.shards_int8", false);

  /**
   * Megatron: gradients are added to their sums when a backward pass is over, and not by the
   * products; DDP has buckets of them beside, where there are ranks to reduce them over.
   */
  public static final CodeKey<Boolean> SUMS_LATE = new CodeKey<>("spread.sums_late", false);

  /** It copies between cards without NCCL. */
  public static final CodeKey<Boolean> COPIES_ITSELF = new CodeKey<>("spread.copies_itself", false);

  /**
   * Before a model is quantised as it is loaded, half of its 16-bit size is taken in one piece and
   * given back, and files are read onto the GPU and cast there.
   */
  public static final CodeKey<Boolean> WARMS_UP_HALF = new CodeKey<>("spread.warms_up_half", false);

  /**
   * FSDP's shards of what is trained are fp32 where it computes in mixed precision, whatever was
   * loaded.
   */
  public static final CodeKey<Boolean> WIDENS_SHARDS = new CodeKey<>("spread.widens_shards", false);

  /** As {@link #WIDENS_SHARDS}, of FSDP2. */
  public static final CodeKey<Boolean> WIDENS_FSDP2 = new CodeKey<>("spread.widens_fsdp2", true);

  /**
   * As how many layers the embedding counts, and likewise the head, where a model is cut into the
   * stages of PyTorch's pipelines.
   */
  public static final CodeKey<Integer> END_LAYERS = new CodeKey<>("spread.end_layers", 0);

  /** A schedule of PyTorch's pipelines puts the last stage's outputs together and returns them. */
  public static final CodeKey<Boolean> RETURNS_STAGE_OUTPUTS =
      new CodeKey<>("spread.returns_stage_outputs", true);

  /** Where weights that nothing quantises go when the model is loaded on one GPU. */
  public static final CodeKey<LoadPlace> LOADS_ALONE =
      new CodeKey<>("spread.loads_alone", LoadPlace.HOST);

  /** As {@link #LOADS_ALONE}, where every rank keeps all weights. */
  public static final CodeKey<LoadPlace> LOADS_COPIES =
      new CodeKey<>("spread.loads_copies", LoadPlace.HOST);

  /** As {@link #LOADS_ALONE}, where ranks keep parts of the weights. */
  public static final CodeKey<LoadPlace> LOADS_SHARDS =
      new CodeKey<>("spread.loads_shards", LoadPlace.FIRST_RANK);

  /** Under FSDP ranks that do not load fill a model of their own with zeros. */
  public static final CodeKey<Boolean> ZEROES_SHARDS = new CodeKey<>("spread.zeroes_shards", false);

  /** Ranks that do not load a quantised model make its parameters on the GPU, without values. */
  public static final CodeKey<Boolean> EMPTIES_QUANTISED =
      new CodeKey<>("spread.empties_quantised", false);

  /**
   * Megatron's distributed optimizer makes a tensor of the storage of the gradients by {@code
   * torch.tensor}, when it is built.
   */
  public static final CodeKey<Boolean> WRAPS_STORAGE = new CodeKey<>("spread.wraps_storage", false);

  /**
   * Hooks on a layer are around its checkpoint, which is around its {@code forward} alone, and do
   * not run again with it.
   */
  public static final CodeKey<Boolean> HOOKS_AROUND_CHECKPOINTS =
      new CodeKey<>("spread.hooks_around_checkpoints", false);

  private SpreadCode() {}

  /** Where a model is before it is on the GPUs. */
  public enum LoadPlace {
    /** In the memory of the host, once for every rank. */
    HOST,
    /** In the memory of the host, once for the first rank of each machine. */
    FIRST_RANK,
    /** On the GPU, tensor by tensor. */
    GPU
  }

  /** When DDP looks for parameters that no pass has used ({@code find_unused_parameters}). */
  public enum Unused {
    /** As PyTorch by itself. */
    NEVER,
    /** In a model without adapters that is not checkpointed. */
    WITHOUT_ADAPTERS,
    /** In the same, and in every model with adapters. */
    WITH_ADAPTERS
  }
}
