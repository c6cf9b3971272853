package dev.vramcast.core.run.outside;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.outside.Communicator.Traffic;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The NCCL communicators of one rank: one for each process group that has run a collective. Ranks
 * are numbered with tensor parallelism innermost, then context, data and pipeline parallelism, so
 * that a group lies in one machine as far as its ranks are near.
 */
public final class Communicators {

  private final Parallelism degrees;

  private Communicators(Parallelism degrees) {
    this.degrees = degrees;
  }

  /** Bytes for all groups of one rank; none where the GPU is unknown or has another library. */
  public static long bytes(Parallelism degrees, Optional<Gpu> gpu, Version torch) {
    return gpu.filter(card -> card.vendor() == Vendor.NVIDIA)
        .map(card -> bytes(new Communicators(degrees).groups(), card, NcclRelease.of(torch)))
        .orElse(0L);
  }

  private static long bytes(List<Communicator> groups, Gpu gpu, NcclRelease release) {
    Interconnect interconnect = gpu.interconnect();
    boolean sumsInSwitch = sumsInSwitch(gpu);
    return groups.stream()
        .mapToLong(
            group ->
                group.bytes(interconnect.link(), interconnect.peerAccess(), sumsInSwitch, release))
        .sum();
  }

  private List<Communicator> groups() {
    int data = degrees.shard() * degrees.replicate();
    int within = degrees.tensor() * degrees.context();
    List<Communicator> groups = new ArrayList<>();
    groups.add(group(degrees.tensor(), 1, Traffic.SUMS, 0));
    groups.add(group(degrees.context(), degrees.tensor(), Traffic.SENDS, 2));
    groups.add(group(degrees.shards(), degrees.tensor(), Traffic.SHARDS, 0));
    groups.add(group(degrees.replicate(), within * degrees.shard(), Traffic.SUMS, 0));
    groups.add(group(degrees.pipeline(), within * data, Traffic.SENDS, 2));
    groups.add(group(degrees.expert(), degrees.tensor(), Traffic.SENDS, degrees.expert() - 1));
    if (degrees.strategy() == Strategy.MEGATRON) {
      groups.addAll(megatronCore(within * data));
    }
    if (hasWorldBeside(groups.stream().filter(group -> group.ranks() > 1).count())) {
      groups.add(group(degrees.gpus(), 1, Traffic.SHARDS, 0));
    }
    return groups;
  }

  /**
   * What Megatron-core sums small numbers over: whether all parts of a model could be updated, and
   * the largest norm of gradients (training.py train_step, {@code mp}); the norm itself, among all
   * ranks, in a group that is not the default one (optimizer/__init__.py, {@code
   * intra_dist_opt_group}); and gradients of experts (parallel_state.py, {@code
   * expert_data_parallel_group}).
   *
   * @param stage ranks of one pipeline stage
   */
  private List<Communicator> megatronCore(int stage) {
    int node = inNode();
    int stages = Math.max(1, Math.min(degrees.pipeline(), node / stage));
    int near = Math.min(degrees.tensor(), node) * stages;
    return List.of(
        new Communicator(degrees.tensor() * degrees.pipeline(), near, Traffic.SHARDS, 0),
        group(degrees.gpus(), 1, Traffic.SHARDS, 0),
        group(
            degrees.expert() > 1 ? stage / degrees.expert() : 1,
            degrees.expert(),
            Traffic.SHARDS,
            0));
  }

  /**
   * The default group, for barriers, the loss and the gradients' norm. It is the only group where
   * all ranks shard or replicate together, save with DeepSpeed, which clones it (utils/groups.py
   * _clone_world_group), and Megatron-core, which makes all groups anew (parallel_state.py
   * create_group) and has barriers and starting times in the default one (training/initialize.py).
   */
  private boolean hasWorldBeside(long groups) {
    return switch (degrees.strategy()) {
      case ZERO1, ZERO2, ZERO3, MEGATRON -> groups > 0;
      case NONE, DDP, FSDP1, FSDP2 -> groups > 1;
    };
  }

  /**
   * A group of ranks.
   *
   * @param stride between the numbers of two neighbours
   */
  private Communicator group(int ranks, int stride, Traffic traffic, int peers) {
    int inNode = Math.max(1, Math.min(ranks, inNode() / stride));
    return new Communicator(ranks, inNode, traffic, Math.min(peers, ranks - 1));
  }

  private int inNode() {
    return Math.max(1, degrees.gpus() / degrees.nodes());
  }

  /** NVLink SHARP is there from Hopper on (src/graph/search.cc, ncclTopoCompute: ccMin). */
  private static boolean sumsInSwitch(Gpu gpu) {
    return gpu.interconnect().link().kind() == Link.Kind.NVSWITCH
        && gpu.generation().capability().filter(each -> each.isAtLeast(9, 0)).isPresent();
  }
}
