package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.units.DataType;

/**
 * AQLM's {@code QuantizedLinear}: each group of weights is an entry of a codebook
 * (aqlm/inference.py and inference_kernels/cuda_kernel.cpp, code1x16_matmat_dequant).
 *
 * @param dtype of the codebook, and so of the weight that is made of it
 */
record CodebookLinear(Linear linear, DataType dtype) implements BaseLinear {

  /** Entries that a code of 16 bits names. */
  private static final long ENTRIES = 1L << 16;

  /** Weights of an entry. */
  static final long GROUP = 8;

  /** Elements of a codebook. */
  static long codebook() {
    return ENTRIES * GROUP;
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    return Dequantising.codebookLinear(
        g,
        x,
        x.elements() / linear.in() * linear.out(),
        weightElements(),
        dtype,
        linear.lastName());
  }

  @Override
  public long weightElements() {
    return linear.weightCount();
  }

  @Override
  public Tensor dequantised(Graph g) {
    return Dequantising.dequantise(g, weightElements(), 0, dtype);
  }
}
