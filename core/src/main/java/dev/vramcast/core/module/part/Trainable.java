package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.units.DataType;

/**
 * A parameter that the optimizer updates.
 *
 * @param copies equal parameters it stands for, one a layer
 * @param rows first dimension of its whole matrix, 1 for vectors
 */
public record Trainable(Parameter parameter, int copies, long rows, Use use) {

  /** What some optimizers treat in ways of their own. */
  public enum Use {
    EMBEDDING,
    HEAD,
    OTHER
  }

  public static Trainable of(FlatPartition partition) {
    return new Trainable(partition.parameter(), partition.copies(), 1, Use.OTHER);
  }

  /** The same without those that are equal. */
  public Trainable alone() {
    return new Trainable(parameter, 1, rows, use);
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

  public long longer() {
    return Math.max(rows, columns());
  }

  public long shorter() {
    return Math.min(rows, columns());
  }

  public boolean isMatrix() {
    return rows > 1 && columns() > 1;
  }

  /** A matrix that is neither embedding nor head. */
  public boolean isHiddenMatrix() {
    return isMatrix() && use == Use.OTHER;
  }
}
