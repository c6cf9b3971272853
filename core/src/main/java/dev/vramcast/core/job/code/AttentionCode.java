package dev.vramcast.core.job.code;

/** What a framework does about attention whatever the model. */
public final class AttentionCode {

  /** Keys and values are repeated for every query head. */
  public static final CodeKey<Boolean> EXPANDS_HEADS =
      new CodeKey<>("attention.expands_heads", false);

  /** Query, key and value are slices of one projection. */
  public static final CodeKey<Boolean> FUSED_PROJECTION =
      new CodeKey<>("attention.fused_projection", false);

  /** The rotated part of a head is put into a new tensor even where it is all of it. */
  public static final CodeKey<Boolean> CONCATENATES_ROTARY =
      new CodeKey<>("attention.concatenates_rotary", false);

  /** Query and key are rotated one after the other, not by one function. */
  public static final CodeKey<Boolean> ROTATES_APART =
      new CodeKey<>("attention.rotates_apart", false);

  /** SDPA gets a mask where tokens are padding or a window binds. */
  public static final CodeKey<Boolean> MASKS_SDPA = new CodeKey<>("attention.masks_sdpa", true);

  /** Attention that it rewrites gives SDPA a mask beside keys and values that are not repeated. */
  public static final CodeKey<Boolean> MASKS_GROUPS =
      new CodeKey<>("attention.masks_groups", false);

  /**
   * Positions at most for which the attention of every layer keeps cosines and sines of its own, 0
   * where the model's code keeps them.
   */
  public static final CodeKey<Long> LAYER_TABLES = new CodeKey<>("attention.layer_tables", 0L);

  /** Selective checkpointing keeps what cuDNN's attention makes. */
  public static final CodeKey<Boolean> KEEPS_CUDNN = new CodeKey<>("attention.keeps_cudnn", true);

  /**
   * Where FlashAttention does not run, the package xformers attends, whose scratch is not known.
   */
  public static final CodeKey<Boolean> XFORMERS = new CodeKey<>("attention.xformers", false);

  /** Whose code passes or gathers keys and values where ranks share a sequence. */
  public static final CodeKey<Ring> RING = new CodeKey<>("attention.ring", Ring.TORCH);

  /** Whose code exchanges tokens for heads where ranks share a sequence. */
  public static final CodeKey<Ulysses> ULYSSES =
      new CodeKey<>("attention.ulysses", Ulysses.DEEPSPEED);

  private AttentionCode() {}

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
