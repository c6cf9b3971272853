package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;

/** One matrix of every expert, stacked in one tensor. */
sealed interface ExpertStack {

  /** The module that has it. */
  ModuleScope module();

  /** Of what a product takes. */
  DataType dtype();

  /** The tensor as a product takes it, to be released when the experts are done. */
  Tensor open(Graph g);

  /** A view of it, as a product takes it that wants the outputs' dimension last. */
  default Tensor view(Graph g) {
    return open(g);
  }

  /** The same in the dtype of a product under autocast, beside {@code opened}. */
  Tensor cast(Graph g, Tensor opened, DataType dtype);

  /** The same with what {@code adapter} adds to it ({@link MergedAdapter#delta}). */
  Tensor merged(Graph g, MergedAdapter adapter, Tensor[] delta);

  /** A parameter that is used as it is stored. */
  record Plain(Parameter parameter) implements ExpertStack {

    @Override
    public ModuleScope module() {
      return parameter.module();
    }

    @Override
    public DataType dtype() {
      return parameter.dtype();
    }

    @Override
    public Tensor open(Graph g) {
      return parameter.value().hold();
    }

    @Override
    public Tensor view(Graph g) {
      return parameter.view(g);
    }

    @Override
    public Tensor cast(Graph g, Tensor opened, DataType dtype) {
      return Matrix.castWeight(g, parameter, dtype);
    }

    @Override
    public Tensor merged(Graph g, MergedAdapter adapter, Tensor[] delta) {
      return adapter.merged(g, parameter.value(), delta);
    }
  }

  /**
   * One in few bits, which is made whole where it is asked for, without a graph, and is kept until
   * the experts are done.
   */
  sealed interface Quantised extends ExpertStack {

    @Override
    default Tensor cast(Graph g, Tensor opened, DataType to) {
      return Pointwise.cast(g, opened, to, "autocast copies of weights");
    }

    @Override
    default Tensor merged(Graph g, MergedAdapter adapter, Tensor[] delta) {
      Tensor whole = open(g);
      return g.rebind(whole, adapter.merged(g, whole, delta));
    }
  }

  /**
   * In four bits (bitsandbytes/nn/parametrize.py Bnb4bitParametrization).
   *
   * @param scratch fp32 block constants that are unpacked first
   */
  record FourBit(ModuleScope module, long elements, long scratch, DataType dtype)
      implements Quantised {

    @Override
    public Tensor open(Graph g) {
      return Dequantising.dequantise(g, elements, scratch, dtype);
    }
  }

  /**
   * In eight bits with a scale for each row (axolotl/monkeypatch/moe_quant.py
   * Bnb8bitParametrization), which is made fp32: so the experts run in fp32.
   */
  record EightBit(ModuleScope module, long elements) implements Quantised {

    @Override
    public DataType dtype() {
      return DataType.FP32;
    }

    @Override
    public Tensor open(Graph g) {
      return Dequantising.scaledRows(g, elements);
    }
  }
}
