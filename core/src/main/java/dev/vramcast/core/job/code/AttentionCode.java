package dev.vramcast.core.job.code;

import dev.vramcast.core.job.option.SequenceScheme;

/**
 * What a framework does about attention whatever the model.
 *
 * @param expandsHeads keys and values are repeated for every query head
 * @param fusedProjection query, key and value are slices of one projection
 * @param concatenatesRotary the rotated part is put into a new tensor even where it is all
 * @param rotatesApart query and key are rotated one after the other, not by one function
 * @param masksSdpa SDPA gets a mask where tokens are padding or a window binds
 * @param masksGroups attention that it rewrites hands SDPA a mask beside keys and values that are
 *     not repeated
 * @param layerTables positions at most for which its attention of every layer keeps cosines and
 *     sines, 0 where it leaves that to the model's code
 * @param keepsCudnn selective checkpointing keeps what cuDNN's attention makes
 * @param ring whose code passes or gathers keys and values where ranks share a sequence
 * @param ulysses whose code exchanges tokens for heads there
 */
public record AttentionCode(
    boolean expandsHeads,
    boolean fusedProjection,
    boolean concatenatesRotary,
    boolean rotatesApart,
    boolean masksSdpa,
    boolean masksGroups,
    long layerTables,
    boolean keepsCudnn,
    Ring ring,
    Ulysses ulysses) {

  /** Whether ranks that share a sequence do so by PyTorch's context parallelism. */
  public boolean sharesByTorch(SequenceScheme scheme) {
    return scheme != SequenceScheme.ULYSSES && ring == Ring.TORCH;
  }

  /** Attention of ranks that share a sequence, by keys and values of others. */
  public enum Ring {
    /** torch/distributed/tensor/experimental/_context_parallel/_attention.py. */
    TORCH,
    /** The package ring_flash_attn: its ring, and the gathering by heads that it calls llama3. */
    FLASH
  }

  /** The exchange of tokens for heads. */
  public enum Ulysses {
    /** deepspeed/runtime/sequence_parallel/ulysses_sp.py UlyssesSPAttentionHF. */
    DEEPSPEED,
    /** verl/utils/ulysses.py all_to_all_tensor: a list of pieces for each rank. */
    PIECES,
    /** swift/sequence_parallel/ulysses.py single_all_to_all: one tensor, permuted before. */
    PERMUTED
  }
}
