package dev.vramcast.core.job;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.hardware.Capability;
import java.util.Optional;

/**
 * Whose code multiplies what linears get and hold in 8 bits, and which copies it makes for that.
 */
public enum NarrowLinears {
  /** None: products run in the precision of the job. */
  NONE,

  /** torchao's {@code Float8Linear}, which drops its copies behind each product. */
  TORCHAO,

  /**
   * TransformerEngine's linears with one scale a tensor, where products take operands one way
   * alone: each is copied as it lies and transposed.
   */
  ENGINE_TURNED,

  /** The same where products take operands either way. */
  ENGINE_WHOLE,

  /** As {@link #ENGINE_TURNED}, where a scale is that of the values themselves (tensorwise). */
  CURRENT_TURNED,

  /** As {@link #ENGINE_WHOLE}, likewise. */
  CURRENT_WHOLE,

  /** TransformerEngine's with a scale for 32 elements (MXFP8), along rows and along columns. */
  ENGINE_BLOCKS,

  /** TransformerEngine's with a scale for 128 elements, of weights for 128 by 128 (blockwise). */
  ENGINE_SQUARES,

  /** TransformerEngine's of 4 bits with a scale for 16 elements (NVFP4). */
  ENGINE_FP4;

  /** Schemes of which these are, as a job names them. */
  public static final String FP8 = "fp8";

  public static final String MXFP8 = "mxfp8";

  public static final String NVFP4 = "nvfp4";

  private static final int HOPPER = 9;

  /** Compute capability from which on products of 8 bits take operands either way. */
  private static final int BLACKWELL = 10;

  /** Cards of workstations and of games, whose products do not. */
  private static final int CONSUMER = 12;

  /** A linear is left as it is of which a side is no multiple of this. */
  private static final int MULTIPLE = 16;

  /** Elements that share a scale of MXFP8. */
  private static final int BLOCK = 32;

  /** Elements along each side that share a scale of fp8's blockwise recipe. */
  public static final int SQUARE = 128;

  /** The scheme of those that there are. */
  public String scheme() {
    return switch (this) {
      case ENGINE_BLOCKS -> MXFP8;
      case ENGINE_FP4 -> NVFP4;
      default -> FP8;
    };
  }

  /** Whether they are TransformerEngine's. */
  public boolean areEngines() {
    return switch (this) {
      case NONE, TORCHAO -> false;
      default -> true;
    };
  }

  /** Whether scales follow from the largest values of steps before (delayed scaling). */
  public boolean remember() {
    return this == ENGINE_TURNED || this == ENGINE_WHOLE;
  }

  /**
   * Whether what a norm makes is there in 16 bits before it is copied
   * (transformer_engine/pytorch/csrc/extensions/normalization.cpp, but for cuDNN's kernels).
   */
  public boolean normaliseFirst() {
    return areEngines() && !remember();
  }

  /** Whether a copy by columns is another than that by rows of one scale. */
  public boolean turn() {
    return this == ENGINE_TURNED || this == CURRENT_TURNED;
  }

  /** Whether ranks exchange copies by rows alone ({@code supports_only_rowwise_all_gather}). */
  public boolean gatherRows() {
    return remember() || this == CURRENT_TURNED || this == CURRENT_WHOLE;
  }

  /** Whether copies by columns are gathered beside where they go, as they lie transposed. */
  public boolean interleave() {
    return this == ENGINE_SQUARES || this == ENGINE_FP4;
  }

  /**
   * The same on a card (transformer_engine/common/transformer_engine.cpp
   * nvte_is_non_tn_fp8_gemm_supported: 10.x, 11.x, and from 13.0 on).
   */
  public NarrowLinears on(Optional<Capability> card) {
    if (!turn()) {
      return this;
    }
    boolean either =
        card.filter(each -> each.major() >= BLACKWELL && each.major() != CONSUMER).isPresent();
    if (!either) {
      return this;
    }
    return this == ENGINE_TURNED ? ENGINE_WHOLE : CURRENT_WHOLE;
  }

  /**
   * Whether a card that multiplies in fp8 has kernels for these: MXFP8 is refused but on 10.x and
   * 11.x, NVFP4 before 10.0, and blocks of 128 before 9.0 (transformer_engine/pytorch/
   * quantization.py check_mxfp8_support, check_nvfp4_support, check_fp8_block_scaling_support).
   */
  public boolean runOn(Optional<Capability> card) {
    int major = card.map(Capability::major).orElse(0);
    return switch (this) {
      case ENGINE_BLOCKS -> major >= BLACKWELL && major < CONSUMER;
      case ENGINE_FP4 -> major >= BLACKWELL;
      case ENGINE_SQUARES -> major >= HOPPER;
      default -> true;
    };
  }

  /** Whether TransformerEngine's stand in the place of a linear of these sides. */
  public boolean replaceByEngine(Linear linear) {
    return areEngines() && linear.in() % MULTIPLE == 0 && linear.out() % MULTIPLE == 0;
  }

  /**
   * Whether products take a linear of these sides that is replaced: blocks divide both
   * (transformer_engine/pytorch/csrc/quantizer.cpp MXFP8Quantizer::get_scale_shape).
   */
  public boolean takes(Linear linear) {
    return this != ENGINE_BLOCKS || linear.in() % BLOCK == 0 && linear.out() % BLOCK == 0;
  }

  /** Sides of a linear are multiples of this. */
  public int sideMultiple() {
    return this == ENGINE_BLOCKS ? BLOCK : MULTIPLE;
  }

  /** Rows of what a linear gets are a multiple of this; 1 where any number will do. */
  public int rowMultiple() {
    return switch (this) {
      case NONE, TORCHAO -> 1;
      case ENGINE_TURNED, ENGINE_WHOLE, CURRENT_TURNED, CURRENT_WHOLE, ENGINE_SQUARES -> 8;
      case ENGINE_BLOCKS -> BLOCK;
      case ENGINE_FP4 -> MULTIPLE;
    };
  }

  /**
   * Of what a micro-batch is a multiple with sequences of so many tokens, or the other way round;
   * rows come in powers of two.
   *
   * @param other at least 1
   */
  public int multipleBeside(int other) {
    int rows = rowMultiple();
    return rows / Math.min(rows, Integer.lowestOneBit(other));
  }
}
