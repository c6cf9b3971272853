package dev.tunefit.core.memory.autograd;

import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.units.DataType;

/** Products with a frozen weight that is stored in few bits. */
public final class Dequantising {

  private Dequantising() {}

  /**
   * Dequantise, then multiply; the backward pass dequantises again and saves nothing
   * (bitsandbytes/autograd/_functions.py, MatMul4Bit).
   *
   * @param elements of the result
   * @param weightElements of the dequantised weight
   * @param scratchElements fp32 block constants that are unpacked first
   * @param holdsInput bitsandbytes before 0.43.2 kept the input on the function's context
   */
  public static Tensor linear(
      Graph g,
      Tensor x,
      long elements,
      long weightElements,
      long scratchElements,
      boolean holdsInput,
      String name) {
    Node node =
        g.node(
            (graph, n) -> {
              Tensor weight =
                  dequantise(graph, weightElements, scratchElements, n.gradient().dtype);
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              graph.release(weight);
            },
            x);
    Tensor weight = dequantise(g, weightElements, scratchElements, x.dtype);
    Tensor result = g.output(name, Category.ACTIVATIONS, elements, x.dtype, node);
    g.release(weight);
    if (holdsInput) {
      g.hold(node, x);
    }
    return result;
  }

  /** The weight in a float dtype. */
  public static Tensor dequantise(
      Graph g, long weightElements, long scratchElements, DataType dtype) {
    Tensor scratch =
        scratchElements == 0
            ? null
            : g.allocate(
                "unpacked block constants", Category.TEMPORARIES, scratchElements, DataType.FP32);
    Tensor weight = g.allocate("dequantised weight", Category.TEMPORARIES, weightElements, dtype);
    if (scratch != null) {
      g.release(scratch);
    }
    return weight;
  }

  /**
   * LLM.int8: the input is cast to fp16 and quantised row by row; the 16-bit input is kept for the
   * backward pass, which makes the weight 16-bit (bitsandbytes MatMul8bitLt).
   */
  public static Tensor int8Linear(
      Graph g, Tensor x, long rows, long elements, long weightElements, String name) {
    Node node =
        g.node(
            (graph, n) -> {
              Tensor weight =
                  graph.allocate(
                      "dequantised weight",
                      Category.TEMPORARIES,
                      weightElements,
                      n.gradient().dtype);
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              graph.release(weight);
            },
            x);
    Tensor half =
        x.dtype == DataType.FP16
            ? x.hold()
            : g.allocate("int8 inputs", Category.TEMPORARIES, x.elements, DataType.FP16);
    Tensor quantised = g.allocate("int8 inputs", Category.TEMPORARIES, x.elements, DataType.INT8);
    Tensor scales = g.allocate("int8 inputs", Category.TEMPORARIES, rows, DataType.FP32);
    g.release(half);
    Tensor sums = g.allocate("int8 products", Category.TEMPORARIES, elements, DataType.INT32);
    Tensor result = g.output(name, Category.ACTIVATIONS, elements, x.dtype, node);
    g.release(quantised, scales);
    g.release(sums);
    g.hold(node, x);
    return result;
  }
}
