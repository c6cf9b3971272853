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
   * FSDP1's {@code _unshard_stream}: gathered flat parameters, which the compute stream reads. Each
   * that is given up leaves an event, and {@code limit_all_gathers} makes the process wait for the
   * oldest of two before it gathers another.
   */
  UNSHARD(true),
  /** FSDP1's {@code _post_backward_stream}: what the reduction of gradients makes. */
  POST_BACKWARD,
  /** FSDP2's {@code all_gather_copy_in_stream}: cast shards and all-gather buffers. */
  ALL_GATHER_COPY_IN,
  /** FSDP2's {@code reduce_scatter_stream}: reduced gradients. */
  REDUCE_SCATTER,
  /** {@code all_reduce_stream} of both: gradients that replicas have summed, once they are cast. */
  ALL_REDUCE,
  /** DeepSpeed's {@code __allgather_stream}: buffers in which parameters arrive. */
  ALL_GATHER,
  /** {@link #ALL_GATHER}'s, of gathered parameters, which the compute stream reads. */
  ALL_GATHER_READ_ASIDE(true),
  /** DeepSpeed's {@code reduction_stream} and {@code reduce_and_partition_stream}. */
  REDUCTION,
  /**
   * No memory, but a mark behind a reduction: the process waits for the oldest of those that it
   * leaves running.
   */
  REDUCED,
  /** No memory, but a mark where the process waits for all streams. */
  WAITED,
  /**
   * No stream: memory that comes from the driver past the caching allocator and goes back to it, as
   * an engine's that sleeps (vllm/device_allocator/cumem.py).
   */
  DRIVER,
  /**
   * The compute stream's, of blocks that another stream reads too: FSDP1's gradients, which are
   * reduced on {@code _post_backward_stream}.
   */
  COMPUTE_READ_ASIDE(true),
  /** {@link #PRE_UNSHARD}'s, of blocks that wait for the stream that gathers them. */
  PRE_UNSHARD_READ_ASIDE(true),
  /** {@link #ALL_GATHER_COPY_IN} of a model beside the trained one, whose root has its own. */
  REFERENCE_COPY_IN;

  private final boolean readAside;

  Stream() {
    this(false);
  }

  Stream(boolean readAside) {
    this.readAside = readAside;
  }

  /**
   * Whether freed blocks wait for another stream ({@code record_stream}), until the process is
   * known to have waited for it.
   */
  public boolean isReadAside() {
    return readAside;
  }

  /** Whether its blocks take no memory and say what the process waits for. */
  public boolean isMark() {
    return this == REDUCED || this == WAITED;
  }

  /** The stream whose memory its blocks are cut from. */
  public Stream memory() {
    return switch (this) {
      case COMPUTE_READ_ASIDE -> COMPUTE;
      case PRE_UNSHARD_READ_ASIDE -> PRE_UNSHARD;
      case ALL_GATHER_READ_ASIDE -> ALL_GATHER;
      default -> this;
    };
  }

  /** Whether a free leaves an event, for the oldest of which an allocation waits. */
  public boolean isLimited() {
    return this == UNSHARD;
  }
}
