package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * In what pieces {@code sync_module_states} sends the parameters of a unit from the first rank to
 * the others (torch/csrc/distributed/c10d/comm.cpp broadcast_coalesced): in their order, a piece
 * being full once it has reached {@code PARAM_BROADCAST_BUCKET_SIZE}
 * (torch/distributed/fsdp/_init_utils.py).
 */
final class BroadcastBuckets {

  private static final long BYTES = 250L << 20;

  private BroadcastBuckets() {}

  static List<List<Parameter>> of(List<Parameter> parameters) {
    List<List<Parameter>> buckets = new ArrayList<>();
    List<Parameter> bucket = new ArrayList<>();
    for (Parameter parameter : parameters) {
      bucket.add(parameter);
      if (bytes(bucket) >= BYTES) {
        buckets.add(bucket);
        bucket = new ArrayList<>();
      }
    }
    if (!bucket.isEmpty()) {
      buckets.add(bucket);
    }
    return buckets;
  }

  static long bytes(List<Parameter> bucket) {
    return bucket.stream().mapToLong(p -> p.elements() * p.kept().dtype().bytes()).sum();
  }
}
