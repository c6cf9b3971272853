package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.MadeWeights;
import java.util.List;

/**
 * LoKr's matrix: the Kronecker product of a small matrix and a larger one, which is a product of
 * two factors where that is smaller.
 *
 * @param left {@code lokr_w1}
 * @param right {@code lokr_w2}, or {@code lokr_w2_a} and {@code lokr_w2_b}
 */
public record KroneckerWeight(Shape shape, Parameter left, List<Parameter> right)
    implements MadeAdapter.Weight {

  public KroneckerWeight {
    right = List.copyOf(right);
  }

  /**
   * What both matrices have (peft/tuners/lokr/layer.py update_layer with its defaults).
   *
   * @param outerRows of the small matrix
   * @param outerColumns of the small matrix
   * @param rows of the larger one
   * @param columns of the larger one
   * @param rank of the factors; 0 where the larger one is whole
   */
  public record Shape(long outerRows, long outerColumns, long rows, long columns, long rank) {

    /** For a linear of {@code in} and {@code out} features. */
    public static Shape of(long in, long out, long rank) {
      long outerRows = below(out);
      long outerColumns = below(in);
      long rows = out / outerRows;
      long columns = in / outerColumns;
      boolean whole = rank * 2 >= Math.max(rows, columns);
      return new Shape(outerRows, outerColumns, rows, columns, whole ? 0 : rank);
    }

    /** The largest divisor of a dimension that is not above its root ({@code factorization}). */
    private static long below(long dimension) {
      long divisor = (long) Math.sqrt(dimension);
      while (dimension % divisor != 0) {
        divisor--;
      }
      return divisor;
    }

    /** What is trained. */
    public long elements() {
      long larger = rank == 0 ? rows * columns : rank * (rows + columns);
      return outerRows * outerColumns + larger;
    }
  }

  @Override
  public Tensor make(Graph g) {
    try (Scope frame = Scope.of(g)) {
      Tensor larger =
          frame.own(
              right.size() == 1
                  ? right.get(0).value().hold()
                  : MadeWeights.product(
                      g, right.get(0), right.get(1), shape.rows(), shape.columns()));
      long elements = shape.outerRows() * shape.rows() * shape.outerColumns() * shape.columns();
      Tensor made = frame.own(MadeWeights.kronecker(g, left.value(), larger, elements));
      return Pointwise.scale(g, made, "adapter weight");
    }
  }
}
