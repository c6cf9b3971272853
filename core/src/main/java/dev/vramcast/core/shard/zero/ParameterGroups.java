package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * Trained parameters by the optimizer's groups, each of which is flattened and divided apart: first
 * those that decay, then vectors of the model, which do not (transformers/trainer.py
 * get_decay_parameter_names).
 */
final class ParameterGroups {

  private final Group decayed = new Group();
  private final Group others = new Group();
  private final IdentityHashMap<Parameter, Placed> placed = new IdentityHashMap<>();

  /** A group, whose parameters follow each other. */
  static final class Group {

    private final ParameterOrder order = new ParameterOrder();
    private long share;

    ParameterOrder order() {
      return order;
    }

    /** Elements of one rank's part. */
    long share() {
      return share;
    }

    /** Elements of the last of so many parts. */
    long last(int ranks) {
      return order.total() - (ranks - 1) * (order.total() / ranks);
    }

    private long part(int ranks) {
      return Math.max(1, (order.total() + ranks - 1) / ranks);
    }
  }

  /** A parameter, which begins behind so many elements of its group. */
  private record Placed(Group group, long from) {}

  /** Ranks whose parts gradients lie in, one after the other. */
  private static final class Owners {

    private int slices;
    private long last = -1;

    /** Neighbours of one rank are one slice. */
    void add(Group group, long from, long elements, int ranks) {
      long part = group.part(ranks);
      long first = from / part;
      long end = (from + elements - 1) / part;
      slices += (int) (end - first) + (first == last ? 0 : 1);
      last = end;
    }
  }

  /**
   * Adds a trained parameter.
   *
   * @param elements of it that are divided
   * @param share elements of one rank's part of it
   * @param times equal layers that have one like it
   */
  void add(ParameterSpec spec, Parameter parameter, long elements, long share, int times) {
    boolean vector = spec.rows() == 1 && spec.category() != Category.ADAPTERS;
    Group group = vector ? others : decayed;
    placed.put(parameter, new Placed(group, group.order.total()));
    group.order.add(elements, times);
    group.share += share * times;
  }

  /** Groups that have a parameter: others are dropped (deepspeed/runtime/engine.py). */
  List<Group> all() {
    List<Group> all = new ArrayList<>(List.of(decayed, others));
    all.removeIf(group -> group.order.total() == 0);
    return all;
  }

  long share() {
    return decayed.share + others.share;
  }

  /** Slices by the rank that a gradient belongs to, of those that come one after the other. */
  int slices(List<ReduceBucket.Member> arrived, int ranks) {
    Owners owners = new Owners();
    boolean ofAll = false;
    for (ReduceBucket.Member each : arrived) {
      Placed its = Objects.requireNonNull(placed.get(each.parameter()));
      owners.add(its.group(), its.from(), each.parameter().elements(), ranks);
      ofAll |= each.times() > 1;
    }
    return ofAll ? ranks : owners.slices;
  }

  /**
   * The most elements of a bucket of so many that belong to several ranks, where all gradients come
   * in the order of the groups and one that does not fit any more begins another bucket
   * (runtime/zero/stage_1_and_2.py reduce_gradients).
   */
  long mostOfSeveral(long bucket, int ranks) {
    long[] most = {0};
    long[] filled = {0};
    Owners[] owners = {new Owners()};
    for (Group group : all()) {
      long[] from = {0};
      group.order.forEach(
          size -> {
            if (filled[0] + size > bucket) {
              filled[0] = 0;
              owners[0] = new Owners();
            }
            owners[0].add(group, from[0], size, ranks);
            filled[0] += size;
            from[0] += size;
            if (owners[0].slices > 1) {
              most[0] = Math.max(most[0], filled[0]);
            }
          });
    }
    return most[0];
  }
}
