package dev.tunefit.core.memory.step;

import dev.tunefit.core.memory.autograd.Parameter;

/**
 * A parameter that the optimizer updates.
 *
 * @param copies equal parameters it stands for, one a layer
 * @param rows first dimension of its matrix, 1 for vectors
 * @param embedding whether it is an embedding table
 */
record Trainable(Parameter parameter, int copies, long rows, boolean embedding) {

  long elements() {
    return parameter.elements();
  }

  long columns() {
    return parameter.elements() / rows;
  }

  boolean isMatrix() {
    return rows > 1 && columns() > 1;
  }
}
