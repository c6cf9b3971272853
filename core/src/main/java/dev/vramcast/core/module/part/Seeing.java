package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What layers that look at images read of them.
 *
 * @param states of all images of the batch
 * @param mask which of its sequence's images a token sees; null where it sees all states
 * @param seen which tokens see any; null as {@code mask}
 * @param keys states of the images of a sequence
 */
public record Seeing(Tensor states, @Nullable Tensor mask, @Nullable Tensor seen, long keys) {

  private static final Operation MASK =
      Operation.of(
          "aten::masked_fill",
          "transformers/models/mllama/modeling_mllama.py _prepare_cross_attention_mask");

  /**
   * The states with their masks, which begin as whole numbers for each state; takes over the
   * states.
   *
   * @param dtype of the model's parameters
   */
  public static Seeing create(
      Graph g, StepSettings settings, Tensor states, long keys, DataType dtype) {
    long pairs = settings.tokens() * keys;
    Tensor numbers = temporary(g, pairs, DataType.INT64);
    Tensor wide = temporary(g, pairs, DataType.FP32);
    Tensor inverted = dtype == DataType.FP32 ? wide : g.rebind(wide, temporary(g, pairs, dtype));
    Tensor chosen = temporary(g, pairs, DataType.BOOL);
    Tensor mask = shared(g, "cross-attention mask", pairs, dtype);
    g.release(chosen, numbers);
    g.release(temporary(g, pairs, DataType.BOOL));
    Tensor rows = shared(g, "rows with images", settings.tokens(), dtype);
    g.release(inverted);
    return new Seeing(states, mask, rows, keys);
  }

  /** States that every token sees whole. */
  public static Seeing whole(Tensor states, long keys) {
    return new Seeing(states, null, null, keys);
  }

  /**
   * States of a text, which every token sees but for padding; takes over the states.
   *
   * @param mask its dtype; null where there is none
   */
  public static Seeing ofText(
      Graph g, StepSettings settings, Tensor states, long keys, @Nullable DataType mask) {
    long rows = settings.code().masksRows() ? settings.batch() : settings.tokens();
    return new Seeing(
        states,
        mask == null ? null : shared(g, "cross-attention mask", rows * keys, mask),
        null,
        keys);
  }

  /** Which tokens see any image, where there is a mask. */
  public Tensor rows() {
    return Objects.requireNonNull(seen);
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate(MASK, "cross-attention mask", Category.TEMPORARIES, elements, dtype);
  }

  private static Tensor shared(Graph g, String name, long elements, DataType dtype) {
    g.site().operation(MASK);
    return g.allocateShared(name, Category.OTHER, elements, dtype);
  }

  /** No layer looks any more. */
  void release(Graph g) {
    g.release(states);
    if (mask != null) {
      g.release(mask);
    }
    if (seen != null) {
      g.release(seen);
    }
  }
}
