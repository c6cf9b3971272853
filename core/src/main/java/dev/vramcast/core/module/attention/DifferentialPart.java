package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * The same queries and keys meet two halves of the values, each repeated for all heads, and one
 * half of what comes of it is taken from the other (transformers diffllama/modeling_diffllama.py
 * DiffLlamaAttention.forward of 5.24).
 *
 * @param vectors {@link Attention#DIFFERENCES}, of a head's features each
 */
record DifferentialPart(Attention attention, List<Parameter> vectors) {

  private static final String NAME = "differences of attention";
  private static final String WEIGHT = "weight of the other half";

  /** Puts its vectors onto the trace. */
  static DifferentialPart load(ModuleFactory modules, Attention attention) {
    return new DifferentialPart(
        attention,
        Attention.DIFFERENCES.stream()
            .map(name -> modules.layerParameter(name, attention.headSize(), 1))
            .toList());
  }

  /**
   * What is left of the first half.
   *
   * @param heads query, key and value, which stay the caller's
   * @param names what the code names until it returns
   */
  Tensor forward(
      Graph g,
      Tensor[] heads,
      SharedInputs shared,
      AttentionCore core,
      boolean byHeads,
      Scope names) {
    long half = heads[2].elements() / 2;
    Tensor[] halves = FusedOps.split(g, heads[2].hold(), half, half);
    Tensor[] both = new Tensor[2];
    for (int i = 0; i < 2; i++) {
      Tensor repeated = ShapeOps.resized(g, halves[i], 2 * half, "values of half of the heads");
      halves[i] = names.own(g.rebind(halves[i], repeated));
    }
    for (int i = 0; i < 2; i++) {
      Tensor[] inputs = {heads[0], heads[1], halves[i]};
      both[i] = core.forward(g, inputs, shared, byHeads);
    }
    Tensor joined = ShapeOps.concatenate(g, "attention outputs", both);
    long features = joined.elements() / 2;
    Tensor[] parts = FusedOps.split(g, joined, features, features);
    g.release(both[0], both[1]);
    names.own(parts);
    Tensor weight = names.own(weight(g, heads[0].dtype(), names));
    Tensor other = Pointwise.mul(g, parts[1], weight, NAME);
    Tensor difference = g.rebind(other, Pointwise.add(g, parts[0], other, NAME));
    long rows = difference.elements() / (2L * attention.headSize());
    // Autocast runs torch.rms_norm in fp32.
    Tensor wide = g.rebind(difference, Pointwise.widened(g, difference, NAME));
    Tensor normalised = g.rebind(wide, FusedOps.rmsNormKernel(g, wide, null, rows));
    return g.rebind(normalised, Pointwise.scale(g, normalised, NAME));
  }

  /** {@code exp(q1 . k1) - exp(q2 . k2)} and a constant: one number. */
  private Tensor weight(Graph g, DataType dtype, Scope names) {
    Tensor first = names.own(factor(g, vectors.get(0), vectors.get(1), dtype));
    Tensor second = names.own(factor(g, vectors.get(2), vectors.get(3), dtype));
    Tensor between = Pointwise.add(g, first, second, WEIGHT);
    return g.rebind(between, Pointwise.scale(g, between, WEIGHT));
  }

  private static Tensor factor(Graph g, Parameter query, Parameter key, DataType dtype) {
    Tensor products = Pointwise.mul(g, query.value(), key.value(), WEIGHT);
    Tensor sum = g.rebind(products, ShapeOps.sum(g, products, 1, DataType.FP32, WEIGHT));
    Tensor power = g.rebind(sum, Pointwise.savingResult(g, Aten.EXP, sum, WEIGHT));
    return g.rebind(power, Pointwise.cast(g, power, dtype, WEIGHT));
  }
}
