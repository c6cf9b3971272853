package dev.vramcast.core.allocator;

/**
 * The CUDA stream on which a block is allocated. PyTorch's caching allocator keeps what is freed
 * for the stream it was allocated on, so that side streams have memory of their own.
 */
public enum Stream {
  /** The stream on which the model runs. */
  COMPUTE,
  /** FSDP1's {@code _pre_unshard_stream}: shards in the dtype in which they are gathered. */
  PRE_UNSHARD,
  /**
   * FSDP1's {@code _unshard_stream}: gathered flat parameters. The compute stream reads them, so
   * they are reused when it is known to have come past; until {@code limit_all_gathers} makes the
   * process wait for the oldest, two wait (torch/distributed/fsdp/_limiter_utils.py).
   */
  UNSHARD(2),
  /** FSDP1's {@code _post_backward_stream}: what the reduction of gradients makes. */
  POST_BACKWARD,
  /** FSDP2's {@code all_gather_copy_in_stream}: cast shards and all-gather buffers. */
  ALL_GATHER_COPY_IN,
  /** FSDP2's {@code reduce_scatter_stream}: reduced gradients. */
  REDUCE_SCATTER,
  /** {@code all_reduce_stream} of both: gradients that replicas have summed, once they are cast. */
  ALL_REDUCE,
  /**
   * No stream: memory that comes from the driver past the caching allocator and goes back to it, as
   * an engine's that sleeps (vllm/device_allocator/cumem.py).
   */
  DRIVER;

  private final int waiting;

  Stream() {
    this(0);
  }

  Stream(int waiting) {
    this.waiting = waiting;
  }

  /** Freed blocks that wait for another stream before the process does. */
  public int waiting() {
    return waiting;
  }
}
