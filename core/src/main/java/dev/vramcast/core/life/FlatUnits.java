package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.step.optimizer.OptimizerStates;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * What FSDP1 gathers of a GPU's units while a checkpoint is written or read. A unit is gathered
 * whole, in the dtype of its shards, and so are its states.
 *
 * @param root elements of what is in no layer
 * @param layer elements of the largest layer
 * @param table elements of the largest parameter in no layer
 * @param matrix elements of the largest parameter in a layer
 * @param tied the head has no parameter of its own
 * @param weight bytes of an element
 * @param states bytes of an element in each state that is like its parameter; none where adapters
 *     are trained, whose units are small
 */
record FlatUnits(
    ResolvedJob job,
    long root,
    long layer,
    long table,
    long matrix,
    boolean tied,
    int weight,
    List<Integer> states) {

  FlatUnits {
    states = List.copyOf(states);
  }

  /**
   * Those of a job.
   *
   * @param trained whole
   * @param dtype of shards
   */
  static FlatUnits of(
      Architecture architecture, ResolvedJob job, List<Trainable> trained, DataType dtype) {
    long root = Tensors.count(architecture);
    long layer = 0;
    long matrix = 0;
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer one : run.period()) {
        long each = Tensors.count(one);
        root -= each * run.times();
        layer = Math.max(layer, each);
        matrix = Math.max(matrix, largest(Tensors.of(one)));
      }
    }
    long table =
        Math.max(
            largest(Tensors.beforeLayers(architecture)),
            largest(Tensors.afterLayers(architecture)));
    boolean tied = architecture.head().tied();
    return new FlatUnits(
        job, root, layer, table, matrix, tied, dtype.bytes(), states(job, trained));
  }

  private static long largest(List<ParameterTensor> tensors) {
    return tensors.stream().mapToLong(ParameterTensor::count).max().orElse(0);
  }

  private static List<Integer> states(ResolvedJob job, List<Trainable> trained) {
    List<Integer> states = new ArrayList<>();
    if (job.adapter().isEmpty() && !trained.isEmpty()) {
      Trainable first = trained.get(0);
      OptimizerStates.Sink sink =
          (elements, type, paged) -> {
            if (elements == first.elements()) {
              states.add(type.bytes());
            }
          };
      new OptimizerStates(job, sink).of(first);
    }
    return states;
  }

  /**
   * While a checkpoint is written: a unit, which goes to the host before the next one is gathered
   * (torch/distributed/fsdp/_unshard_param_utils.py _unshard_fsdp_state_params), or where ranks
   * write shards the root's unit, a layer's inside it and the shard that is cut of a parameter;
   * then states.
   */
  long saving() {
    long weights =
        pieces()
            ? Capped.plus(Capped.plus(root, layer), matrix / job.parallelism().shards())
            : unit();
    long states = job.saving().states() ? gatheredStates() : 0;
    return Math.max(Capped.times(weights, weight), states);
  }

  /**
   * A unit's state and the shard that it is gathered from, of which the last one is there until the
   * next is (_optim_utils.py _allgather_orig_param_states).
   */
  private long gatheredStates() {
    long gathered = Capped.times(unit(), widest());
    long shard = gathered / job.parallelism().shards();
    return Capped.plus(gathered, Capped.times(Math.min(2, states.size()), shard));
  }

  /**
   * While a checkpoint is read: weights into the root's unit and a layer's (_state_dict_utils.py
   * _full_pre_load_state_dict_hook), which were gathered beside them from shards where ranks have
   * them; then states.
   *
   * @param resident weights and states
   * @param own states of this rank
   */
  long resuming(long resident, long own) {
    long units = Capped.times(Capped.plus(root, layer), weight);
    long weights = Capped.plus(resident - own, Capped.times(pieces() ? 2 : 1, units));
    long states = pieces() ? Capped.plus(resident, gatheredStates()) : readStates(resident, own);
    return Math.max(weights, states);
  }

  /**
   * All states of a parameter are sent whole before a rank takes its share (_optim_utils.py
   * _broadcast_state and _shard_orig_param_state), a head's when those of all others are there.
   */
  private long readStates(long resident, long own) {
    long each = Capped.times(states.size(), widest());
    long inLayers = Capped.plus(resident, Capped.times(matrix, each));
    long whole = Capped.times(table, each);
    if (!tied) {
      return Math.max(inLayers, Capped.plus(resident, whole));
    }
    long share = Capped.times(Math.min(table, root / job.parallelism().shards()), each);
    return Math.max(inLayers, Capped.plus(resident - own, Capped.plus(whole, share)));
  }

  private int widest() {
    return states.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private boolean pieces() {
    return job.saving().state() == SavedState.SHARDED;
  }

  private long unit() {
    return Math.max(root, layer);
  }
}
