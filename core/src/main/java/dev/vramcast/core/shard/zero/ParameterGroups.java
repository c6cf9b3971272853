package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.Rounding;
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
      return Math.max(1, Rounding.ceilDivide(order.total(), ranks));
    }
  }

  /** A parameter, which begins behind so many elements of its group. */
  private record Placed(Group group, long from) {}

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

  /**
   * Elements of the largest copy in which gradients that come one after the other are put together
   * to be reduced.
   *
   * @param bucket in elements
   */
  long copied(List<ReduceBucket.Member> arrived, long bucket, int ranks) {
    if (ranks > 1 && arrived.stream().anyMatch(each -> each.times() > 1)) {
      // Those of all layers, which are of all ranks and no more than a bucket.
      return arrived.stream().mapToLong(ReduceBucket.Member::elements).sum();
    }
    OwnedSlices slices = new OwnedSlices();
    for (ReduceBucket.Member each : arrived) {
      Placed its = Objects.requireNonNull(placed.get(each.parameter()));
      slices.add(its.group().part(ranks), its.from(), each.elements());
    }
    return slices.largestCopy(bucket);
  }

  /**
   * As {@link #copied}, of the bucket of which it is the most, where all gradients come in the
   * order of the groups and one that does not fit any more begins another bucket
   * (runtime/zero/stage_1_and_2.py reduce_gradients).
   */
  long mostCopied(long bucket, int ranks) {
    Filling filling = new Filling(bucket);
    for (Group group : all()) {
      long part = group.part(ranks);
      long[] from = {0};
      group.order.forEach(
          size -> {
            filling.add(part, from[0], size);
            from[0] += size;
          });
    }
    return filling.mostCopied();
  }

  /** Buckets of so many elements, of which one is filled at a time. */
  private static final class Filling {

    private final long bucket;
    private OwnedSlices slices = new OwnedSlices();
    private long filled;
    private long most;

    Filling(long bucket) {
      this.bucket = bucket;
    }

    void add(long part, long from, long elements) {
      if (filled + elements > bucket) {
        most = mostCopied();
        slices = new OwnedSlices();
        filled = 0;
      }
      slices.add(part, from, elements);
      filled += elements;
    }

    long mostCopied() {
      return Math.max(most, slices.largestCopy(bucket));
    }
  }
}
