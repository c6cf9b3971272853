package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.units.DataType;

/**
 * A parameter that the optimizer updates.
 *
 * @param copies equal parameters it stands for, one a layer
 * @param rows first dimension of its whole matrix, 1 for vectors
 * @param last its last dimension: the columns of a matrix, fewer where matrices are stacked
 */
public record Trainable(Parameter parameter, int copies, long rows, long last, Use use) {

  /** What some optimizers treat in ways of their own. */
  public enum Use {
    EMBEDDING,
    HEAD,
    /** Biases of experts in one parameter: a matrix by its shape, biases by their name. */
    STACKED_BIASES,
    /** Weight of an {@code nn.Linear} in layers. */
    LINEAR,
    /** Kernels of a convolution, which have more than two dimensions. */
    KERNEL,
    /** An {@code nn.Embedding} that is not of words. */
    TABLE,
    OTHER
  }

  /** A vector or a matrix. */
  public static Trainable matrix(Parameter parameter, int copies, long rows, Use use) {
    return new Trainable(parameter, copies, rows, parameter.elements() / rows, use);
  }

  public static Trainable of(FlatPartition partition) {
    return matrix(partition.parameter(), partition.copies(), 1, Use.OTHER);
  }

  /** The same where an optimizer gets a slice of what lies flat, whatever shape it had. */
  public Trainable flat() {
    return new Trainable(parameter, copies, 1, parameter.elements(), use);
  }

  /** The same without those that are equal. */
  public Trainable alone() {
    return new Trainable(parameter, 1, rows, last, use);
  }

  /** Elements that this rank keeps. */
  public long elements() {
    return parameter.kept().elements();
  }

  /** Its gradient has elements of other ranks too. */
  public boolean hasWiderGradient() {
    return parameter.gradientElements() > parameter.elements();
  }

  /** Dtype in which this rank keeps them. */
  public DataType dtype() {
    return parameter.kept().dtype();
  }

  public long columns() {
    return parameter.elements() / rows;
  }

  /** Means over columns that a rank keeps of its part, of each of the matrices. */
  public long rowMeans() {
    return elements() / last;
  }

  /** Means over rows, of each of the matrices. */
  public long columnMeans() {
    return last == columns() ? last : elements() / (columns() / last);
  }

  public long longer() {
    return Math.max(rows, columns());
  }

  public long shorter() {
    return Math.min(rows, columns());
  }

  public boolean isMatrix() {
    return rows > 1 && columns() > 1;
  }

  /** Of two dimensions, and neither embedding nor head. */
  public boolean isHiddenMatrix() {
    boolean stacked = last < columns();
    return isMatrix()
        && !stacked
        && switch (use) {
          case LINEAR, STACKED_BIASES, TABLE, OTHER -> true;
          case EMBEDDING, HEAD, KERNEL -> false;
        };
  }

  /** Whether gradients are projected (transformers/trainer_optimizer.py: of linears alone). */
  public boolean isProjected() {
    return isMatrix() && use == Use.LINEAR;
  }
}
