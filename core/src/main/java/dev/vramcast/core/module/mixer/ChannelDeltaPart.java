package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Kimi Delta Attention (transformers 5.24 kimi_linear/modeling_kimi_linear.py
 * KimiLinearDeltaAttention, bailing_hybrid/modeling_bailing_hybrid.py BailingHybridDeltaAttention)
 * on the path in plain PyTorch, which runs unless flash-linear-attention is installed.
 *
 * @param input query, key, value; the forget gate's; what says how much is written; the output
 *     gate's. Each gate has a pair, or one where decays are bounded
 */
record ChannelDeltaPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    MixerParameters parameters,
    Norms norm,
    Projection output)
    implements LayerPart {

  private static final String HEADS = "queries, keys and values";
  private static final String GATES = "delta rule gates";

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope names = Scope.of(g)) {
      Tensor visible = names.own(VisibleStates.of(g, settings, x.hold()));
      Tensor[] heads = names.own(heads(g, visible));
      Tensor decay = names.own(bounded() ? boundedDecay(g, visible) : decay(g, visible));
      Tensor written = input.get(bounded() ? 4 : 5).forward(g, visible);
      Tensor beta =
          names.own(g.rebind(written, Pointwise.savingResult(g, Aten.SIGMOID, written, GATES)));
      Tensor mixed = names.own(deltaRule(g, heads, beta, decay));
      Tensor gate = names.own(bounded() ? input.get(5).forward(g, visible) : pair(g, 6, visible));
      Tensor normalised = names.own(norm.gatedBySigmoid(g, mixed, gate));
      return output.forward(g, normalised);
    }
  }

  private boolean bounded() {
    return mixer.kind() == RecurrentMixer.Kind.BOUNDED_CHANNEL_DELTA;
  }

  private Tensor[] heads(Graph g, Tensor x) {
    Tensor[] each = new Tensor[3];
    for (int i = 0; i < each.length; i++) {
      each[i] = input.get(i).forward(g, x);
    }
    Tensor mixed = ShapeOps.concatenate(g, HEADS, each);
    g.release(each[0], each[1]);
    g.release(each[2]);
    TorchConvolution convolution =
        new TorchConvolution(parameters, 3 * mixer.innerSize(), settings.sequence());
    Tensor convolved = g.rebind(mixed, convolution.forward(g, mixed));
    Tensor cut = ShapeOps.slice(g, convolved, convolved.elements());
    long one = settings.tokens() * mixer.innerSize();
    return FusedOps.split(g, cut, one, one, one);
  }

  /** Two projections behind each other, from that one on. */
  private Tensor pair(Graph g, int first, Tensor x) {
    Tensor low = input.get(first).forward(g, x);
    return g.rebind(low, input.get(first + 1).forward(g, low));
  }

  /** {@code -A_log.exp() * where(g > 20, g, log(1 + exp(g)))}, of {@code g + dt_bias} in fp32. */
  private Tensor decay(Graph g, Tensor x) {
    try (Scope names = Scope.of(g)) {
      Tensor low = names.own(pair(g, 3, x));
      Tensor wide = Pointwise.cast(g, low, DataType.FP32, GATES);
      Tensor bias = parameters.wide(g, "dt_bias");
      Tensor shifted = names.own(g.rebind(wide, bias, Pointwise.add(g, wide, bias, GATES)));
      Tensor logarithms = names.own(parameters.wide(g, "A_log"));
      Tensor rates = names.own(Pointwise.savingResult(g, Aten.EXP, logarithms, "decay rates"));
      Tensor softplus = names.own(softplus(g, shifted));
      Tensor negative = Pointwise.scale(g, rates, "decay rates");
      return g.rebind(negative, Pointwise.mulByWeight(g, negative, softplus, GATES));
    }
  }

  /** {@code bound * sigmoid(A_log.exp() * (g + dt_bias))} in fp32, cast to the input's dtype. */
  private Tensor boundedDecay(Graph g, Tensor x) {
    try (Scope names = Scope.of(g)) {
      Tensor low = input.get(3).forward(g, x);
      Tensor wide = g.rebind(low, Pointwise.cast(g, low, DataType.FP32, GATES));
      Tensor bias = parameters.get("dt_bias").value();
      Tensor shifted = names.own(g.rebind(wide, Pointwise.add(g, wide, bias, GATES)));
      Tensor logarithms = parameters.get("A_log").value();
      Tensor rates = names.own(Pointwise.savingResult(g, Aten.EXP, logarithms, "decay rates"));
      Tensor product = Pointwise.mulByWeight(g, rates, shifted, GATES);
      Tensor sigmoid = g.rebind(product, Pointwise.savingResult(g, Aten.SIGMOID, product, GATES));
      Tensor gate = names.own(g.rebind(sigmoid, Pointwise.scale(g, sigmoid, GATES)));
      return Pointwise.cast(g, gate, x.dtype(), GATES);
    }
  }

  private Tensor softplus(Graph g, Tensor x) {
    Tensor large = Pointwise.detached(g, x.elements(), DataType.BOOL, "large gates");
    Tensor exp = Pointwise.savingResult(g, Aten.EXP, x, GATES);
    Tensor sum = g.rebind(exp, Pointwise.scale(g, exp, GATES));
    Tensor log = g.rebind(sum, Pointwise.activation(g, Aten.LOG, sum, GATES));
    return g.rebind(large, log, ShapeOps.where(g, large, x, log, GATES));
  }

  private Tensor deltaRule(Graph g, Tensor[] heads, Tensor beta, Tensor decay) {
    long padded = DeltaRule.padded(settings.sequence());
    DataType dtype = heads[0].dtype();
    Tensor[] wide = new Tensor[5];
    Tensor[] narrow = {heads[0], heads[1], heads[2], beta, decay};
    for (int i = 0; i < wide.length; i++) {
      Tensor copy = Pointwise.copy(g, narrow[i], HEADS);
      wide[i] = g.rebind(copy, Pointwise.cast(g, copy, DataType.FP32, HEADS));
    }
    for (int i = 0; i < 2; i++) {
      wide[i] = g.rebind(wide[i], DeltaRule.normalised(g, wide[i], mixer.headSize()));
    }
    for (int i = 0; i < wide.length; i++) {
      wide[i] = g.rebind(wide[i], padded(g, wide[i], padded));
      if (i == 0) {
        wide[0] = g.rebind(wide[0], Pointwise.scale(g, wide[0], HEADS));
      }
    }
    ChannelDeltaRule rule =
        new ChannelDeltaRule(settings.batch() * mixer.heads(), padded, mixer.headSize());
    try (Scope scope = Scope.of(g)) {
      scope.own(wide);
      Tensor all = rule.forward(g, wide[0], wide[1], wide[2], wide[3], wide[4]);
      Tensor cut = ShapeOps.slice(g, all, all.elements() / padded * settings.sequence());
      Tensor byTokens = g.rebind(cut, Pointwise.copy(g, cut, "delta rule values"));
      return g.rebind(byTokens, Pointwise.cast(g, byTokens, dtype, "delta rule values"));
    }
  }

  private Tensor padded(Graph g, Tensor x, long padded) {
    return ShapeOps.resized(g, x, x.elements() / settings.sequence() * padded, HEADS);
  }
}
