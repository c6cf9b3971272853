package dev.vramcast.core.autograd.weight;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Products with a frozen weight that is stored in few bits. */
public final class Dequantising {

  private static final Operation FOUR_BIT =
      Operation.of("MatMul4Bit", "bitsandbytes/autograd/_functions.py MatMul4Bit.forward")
          .backward(
              "MatMul4Bit backward", "bitsandbytes/autograd/_functions.py MatMul4Bit.backward");

  private static final Operation EIGHT_BIT =
      Operation.of("MatMul8bitLt", "bitsandbytes/autograd/_functions.py MatMul8bitLt.forward")
          .backward(
              "MatMul8bitLt backward", "bitsandbytes/autograd/_functions.py MatMul8bitLt.backward");

  private static final Operation AWQ =
      Operation.of("WQLinearMMFunction", "awq/modules/linear/gemm.py WQLinearMMFunction");

  private static final Operation AQLM =
      Operation.of("_QuantizedMatmul", "aqlm/inference.py _QuantizedMatmul.forward")
          .backward("_QuantizedMatmul backward", "aqlm/inference.py _QuantizedMatmul.backward");

  private Dequantising() {}

  /**
   * A weight in four bits.
   *
   * @param elements of the dequantised weight
   * @param constants fp32 block constants that are unpacked first
   * @param unpacked dtype that the weight had when it was quantised, and has again before it is
   *     cast to that of the other factor
   * @param inOne bitsandbytes since 0.50 dequantises inside the operation that multiplies, which
   *     names the constants as they are unpacked and with their offset until it returns
   *     (bitsandbytes/backends/cuda/ops.py _dequant_linear_fallback)
   */
  public record FourBits(long elements, long constants, DataType unpacked, boolean inOne) {}

  /**
   * Dequantise, then multiply; the backward pass dequantises again and saves nothing
   * (bitsandbytes/autograd/_functions.py, MatMul4Bit).
   *
   * @param elements of the result
   * @param holdsInput bitsandbytes before 0.43.2 kept the input on the function's context
   */
  public static Tensor linear(
      Graph g,
      Tensor x,
      long elements,
      FourBits weight,
      boolean holdsInput,
      String name,
      Category category) {
    Node node =
        g.node(
            FOUR_BIT,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                DataType dtype = n.gradient().dtype;
                scope.own(cast(graph, weight, weight.constants(), weight.unpacked(), dtype));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    if (holdsInput) {
      g.contexts().hold(node, x);
    }
    try (Scope scope = Scope.of(g)) {
      boolean named = weight.inOne() && weight.constants() > 0;
      if (named) {
        scope.own(constants(g, weight.constants()));
        scope.own(constants(g, weight.constants()));
      }
      long scratch = named ? 0 : weight.constants();
      scope.own(cast(g, weight, scratch, weight.inOne() ? x.dtype : weight.unpacked(), x.dtype));
      return g.output(name, category, elements, x.dtype, node);
    }
  }

  private static Tensor cast(
      Graph g, FourBits stored, long scratchElements, DataType unpacked, DataType dtype) {
    try (Scope scope = Scope.of(g)) {
      Tensor weight = scope.own(dequantise(g, stored.elements(), scratchElements, unpacked));
      return unpacked == dtype
          ? weight.hold()
          : g.allocate(Aten.TO_COPY, "cast weight", Category.TEMPORARIES, stored.elements(), dtype);
    }
  }

  private static Tensor constants(Graph g, long elements) {
    return g.allocate("unpacked block constants", Category.TEMPORARIES, elements, DataType.FP32);
  }

  /** The weight in a float dtype. */
  public static Tensor dequantise(
      Graph g, long weightElements, long scratchElements, DataType dtype) {
    try (Scope scope = Scope.of(g)) {
      scope.ownIfAny(scratchElements == 0 ? null : constants(g, scratchElements));
      return g.allocate("dequantised weight", Category.TEMPORARIES, weightElements, dtype);
    }
  }

  /**
   * 8-bit rows times their scales, and that times a constant, each in fp32 (bitsandbytes/_ops.py
   * int8_vectorwise_dequant).
   */
  public static Tensor scaledRows(Graph g, long weightElements) {
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, "dequantised weight", weightElements, DataType.FP32));
      return scratch(g, "dequantised weight", weightElements, DataType.FP32);
    }
  }

  /**
   * AutoAWQ's product in fp16: it saves its input; the backward pass dequantises again and repeats
   * the weight for each sequence (awq/modules/linear/gemm.py, WQLinearMMFunction).
   */
  public static Tensor awqLinear(
      Graph g, Tensor x, long elements, long weightElements, long batch, String name) {
    Node node =
        g.node(
            AWQ,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(dequantise(graph, weightElements, 0, DataType.FP16));
                scope.own(dequantise(graph, weightElements * batch, 0, DataType.FP16));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    g.save(node, x);
    try (Scope scope = Scope.of(g)) {
      scope.own(dequantise(g, weightElements, 0, DataType.FP16));
      return g.output(name, Category.ACTIVATIONS, elements, DataType.FP16, node);
    }
  }

  /**
   * AQLM's product, whose result is copied once it is scaled: it saves its input; the backward pass
   * scales the gradient, and makes the weight again (aqlm/inference_kernels/cuda_kernel.cpp,
   * code1x16_matmat_dequant and its transposed).
   */
  public static Tensor codebookLinear(
      Graph g, Tensor x, long elements, long weightElements, DataType weight, String name) {
    Node node =
        g.node(
            AQLM,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                Tensor gradient = n.gradient();
                scope.own(scratch(graph, "scaled gradient", gradient.elements, gradient.dtype));
                scope.own(dequantise(graph, weightElements, 0, weight));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    g.save(node, x);
    try (Scope scope = Scope.of(g)) {
      scope.own(dequantise(g, weightElements, 0, weight));
      scope.own(scratch(g, name, elements, x.dtype));
      return g.output(name, Category.ACTIVATIONS, elements, x.dtype, node);
    }
  }

  /**
   * LLM.int8: the input is cast to fp16 and quantised row by row, with what is large in it looked
   * up; the input itself is kept for the backward pass, which makes the weight 16-bit
   * (bitsandbytes/autograd/_functions.py MatMul8bitLt, backends/cuda/ops.py).
   *
   * @param keepsColumns the input quantised column by column is kept too
   */
  public static Tensor int8Linear(
      Graph g,
      Tensor x,
      long rows,
      long elements,
      long weightElements,
      boolean keepsColumns,
      String name) {
    Node node =
        g.node(
            EIGHT_BIT,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(dequantise(graph, weightElements, 0, n.inputs[0].dtype));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    try (Scope scope = Scope.of(g)) {
      scope.own(quantise(g, x, rows));
      if (keepsColumns) {
        g.contexts().hold(node, scope.own(scratch(g, "int8 inputs", x.elements, DataType.INT8)));
      }
      g.contexts().hold(node, x);
      return multiply(g, x, elements, name, node);
    }
  }

  /** The rows in 8 bits; magnitudes are compared with a threshold on the way, and dropped first. */
  private static Tensor quantise(Graph g, Tensor x, long rows) {
    try (Scope scope = Scope.of(g)) {
      scope.own(
          x.dtype == DataType.FP16
              ? x.hold()
              : scratch(g, "int8 inputs", x.elements, DataType.FP16));
      scope.own(scratch(g, "int8 inputs", rows, DataType.FP32));
      Tensor quantised = scratch(g, "int8 inputs", x.elements, DataType.INT8);
      lookUpOutliers(g, x);
      return quantised;
    }
  }

  private static void lookUpOutliers(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, "int8 inputs", x.elements, DataType.FP16));
      scope.own(scratch(g, "int8 inputs", x.elements, DataType.BOOL));
    }
  }

  /** Sums in 32 bits become fp16, then the input's dtype. */
  private static Tensor multiply(
      Graph g, Tensor x, long elements, String name, @Nullable Node node) {
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, "int8 products", elements, DataType.INT32));
      scope.ownIfAny(
          x.dtype == DataType.FP16 ? null : scratch(g, "int8 products", elements, DataType.FP16));
      return g.output(name, Category.ACTIVATIONS, elements, x.dtype, node);
    }
  }

  private static Tensor scratch(Graph g, String name, long elements, DataType dtype) {
    return g.allocate(name, Category.TEMPORARIES, elements, dtype);
  }
}
