package dev.vramcast.core.memory.step;

import dev.vramcast.core.memory.autograd.Parameter;
import dev.vramcast.core.memory.shard.FlatPartition;
import dev.vramcast.core.units.DataType;

/**
 * A parameter that the optimizer updates.
 *
 * @param copies equal parameters it stands for, one a layer
 * @param rows first dimension of its whole matrix, 1 for vectors
 */
record Trainable(Parameter parameter, int copies, long rows, Use use) {

  /** What some optimizers treat in ways of their own. */
  enum Use {
    EMBEDDING,
    HEAD,
    OTHER
  }

  static Trainable of(FlatPartition partition) {
    return new Trainable(partition.parameter(), partition.copies(), 1, Use.OTHER);
  }

  /** The same without those that are equal. */
  Trainable alone() {
    return new Trainable(parameter, 1, rows, use);
  }

  /** Elements that this rank keeps. */
  long elements() {
    return parameter.kept().elements();
  }

  /** Its gradient has elements of other ranks too. */
  boolean hasWiderGradient() {
    return parameter.gradientElements() > parameter.elements();
  }

  /** Dtype in which this rank keeps them. */
  DataType dtype() {
    return parameter.kept().dtype();
  }

  long columns() {
    return parameter.elements() / rows;
  }

  long longer() {
    return Math.max(rows, columns());
  }

  long shorter() {
    return Math.min(rows, columns());
  }

  boolean isMatrix() {
    return rows > 1 && columns() > 1;
  }

  /** A matrix that is neither embedding nor head. */
  boolean isHiddenMatrix() {
    return isMatrix() && use == Use.OTHER;
  }
}
