package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;
import dev.vramcast.core.units.Version;
import java.util.Optional;

/**
 * What the backward pass of SDPA's memory-efficient kernel takes from PyTorch's allocator beside
 * gradients, on a card of NVIDIA (aten/src/ATen/native/transformers/cuda/attention_backward.cu
 * {@code _efficient_attention_backward}, mem_eff_attention/kernel_backward.h {@code
 * workspace_size}). Of other makers' kernels nothing is known.
 *
 * @param heldHeads features of the widest 16-bit heads whose gradients of keys and values are
 *     summed in registers
 * @param wideRows a block of queries has 128 where heads are wider than that, else 64
 * @param splitsAll every block of keys has sums for the gradients of all of them
 */
public record EfficientKernel(int heldHeads, boolean wideRows, boolean splitsAll) {

  /**
   * Keys of a block where their sums are not in registers, and columns of a tile of queries; where
   * a tile has 128, two of these are as many numbers.
   */
  private static final long NARROW = 64;

  private static final long WIDE = 128;

  /** {@code GradQTempStorage}: a lock, a counter and padding before a tile, of 4 bytes each. */
  private static final long LOCK = 4;

  /** Blocks that run at once, at which the heuristic of {@code num_splits_key} stops. */
  private static final long ENOUGH_BLOCKS = 200;

  /**
   * That of a card. PyTorch 2.1 is the first that splits keys (pytorch/pytorch#101847), and until
   * 2.5 each part had sums for all of them, and no rule made the parts fewer (#127090).
   *
   * @return empty before PyTorch 2.1, whose kernel is not described
   */
  public static Optional<EfficientKernel> of(Capability card, Version torch) {
    return torch.atLeast(2, 1) && card.isAtLeast(7, 0)
        ? Optional.of(new EfficientKernel(held(card), roomy(card), !torch.atLeast(2, 5)))
        : Optional.empty();
  }

  /**
   * Kernels of 128 rows need more shared memory than 7.5, 8.6, 8.9 and 12.0 have; for 8.6 and 8.9
   * there is one of 96 features (mem_eff_attention/kernels/generate_kernels.py BwdKernel.get_all).
   */
  private static int held(Capability card) {
    boolean middle = card.major() == 8 && (card.minor() == 6 || card.minor() == 9);
    return roomy(card) ? 128 : middle ? 96 : 64;
  }

  /** A block has 96 KiB and more of shared memory (CUDA's table of compute capabilities). */
  private static boolean roomy(Capability card) {
    return switch (card.major()) {
      case 7 -> card.minor() < 5;
      case 8 -> card.minor() == 0 || card.minor() == 7;
      case 9, 10, 11 -> true;
      default -> false;
    };
  }

  /**
   * Allocates it, and frees it.
   *
   * @param keys of a sequence
   * @param dtype of queries
   */
  void scratch(Graph g, AttentionOps.Shape shape, long keys, DataType dtype) {
    long heads = shape.batch() * shape.heads();
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              "attention backward sums",
              Category.TEMPORARIES,
              heads * shape.queryLength(),
              DataType.FP32));
      scope.own(
          g.allocate(
              "attention backward scratch",
              Category.TEMPORARIES,
              heads * elements(shape, keys, dtype, heads),
              DataType.FP32));
    }
  }

  /** fp32 numbers of a head of a sequence: sums for keys and values, then tiles of queries'. */
  private long elements(AttentionOps.Shape shape, long keys, DataType dtype, long heads) {
    int widest = Math.max(shape.headSize(), shape.valueSize());
    boolean half = dtype != DataType.FP32;
    boolean held = half && widest <= heldHeads;
    long rows = widest > NARROW && (held || wideRows) ? WIDE : NARROW;
    long tiles =
        Rounding.ceilDivide(shape.queryLength(), rows)
            * Rounding.ceilDivide(shape.headSize(), NARROW);
    long queries = tiles * (rows * NARROW + LOCK);
    if (held || !half) {
      return queries;
    }
    long blocks = Rounding.ceilDivide(keys, NARROW);
    long each =
        Rounding.ceilDivide(shape.headSize(), rows) + Rounding.ceilDivide(shape.valueSize(), rows);
    long splits =
        splitsAll ? blocks * blocks : Math.max(1, Math.min(blocks, ENOUGH_BLOCKS / heads));
    return queries + splits * NARROW * each * rows;
  }
}
