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
import org.jspecify.annotations.Nullable;

/**
 * A gated delta network (transformers qwen3_next/modeling_qwen3_next.py Qwen3NextGatedDeltaNet,
 * qwen3_5/modeling_qwen3_5.py Qwen3_5GatedDeltaNet) on the path in plain PyTorch, which runs unless
 * both flash-linear-attention and causal-conv1d are installed beside Transformers; with them the
 * recurrence keeps far less.
 *
 * @param input fused projections of all streams and of the gates, or one for each
 */
record GatedDeltaPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    MixerParameters parameters,
    Norms norm,
    Projection output)
    implements LayerPart {

  private static final String QUERY_KEY_VALUE = "queries, keys and values";
  private static final String GATES = "delta rule gates";

  /** Which input is the gate's, where each stream has one. */
  private static final int GATE = 5;

  /**
   * What the projections yield.
   *
   * @param mixed query, key and value, before the convolution
   * @param z null where the gate is projected last
   */
  private record Streams(Tensor mixed, @Nullable Tensor z, Tensor b, Tensor a, Tensor[] held) {

    void release(Graph g) {
      for (Tensor tensor : held) {
        g.release(tensor);
      }
      if (z != null) {
        g.release(z);
      }
      g.release(b, a);
    }
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Streams streams = streams(g, x);
    Tensor[] heads = convolve(g, streams.mixed());
    Tensor beta = Pointwise.savingResult(g, Aten.SIGMOID, streams.b(), GATES);
    if (mixer.scaled()) {
      beta = g.rebind(beta, Pointwise.scale(g, beta, GATES));
    }
    Tensor decay = decay(g, streams.a());
    for (int i = 0; i < 2; i++) {
      Tensor repeated = repeated(g, heads[i]);
      g.release(heads[i]);
      heads[i] = repeated;
    }
    Tensor mixed = deltaRule(g, heads, beta, decay);
    Tensor z = streams.z() == null ? input.get(GATE).forward(g, x) : streams.z().hold();
    Tensor normalised = g.rebind(mixed, norm.gated(g, mixed, z));
    Tensor result = output.forward(g, normalised);
    g.release(normalised, beta);
    g.release(decay, z);
    for (Tensor head : heads) {
      g.release(head);
    }
    streams.release(g);
    return result;
  }

  private Streams streams(Graph g, Tensor x) {
    return switch (input.size()) {
      case 2 -> fused(g, x);
      case 4 -> separate(g, x);
      default -> apart(g, x);
    };
  }

  /** transformers OlmoHybridGatedDeltaNet: a projection for each stream. */
  private Streams apart(Graph g, Tensor x) {
    Tensor[] each = new Tensor[3];
    for (int i = 0; i < each.length; i++) {
      each[i] = input.get(i).forward(g, x);
    }
    Tensor mixed = ShapeOps.concatenate(g, QUERY_KEY_VALUE, each);
    g.release(each[0], each[1]);
    g.release(each[2]);
    return new Streams(
        mixed, null, input.get(3).forward(g, x), input.get(4).forward(g, x), new Tensor[0]);
  }

  /** fix_query_key_value_ordering: streams of each key head lie together and are copied apart. */
  private Streams fused(Graph g, Tensor x) {
    Tensor projected = input.get(0).forward(g, x);
    Tensor gates = input.get(1).forward(g, x);
    long keys = keyElements();
    long values = settings.tokens() * mixer.innerSize();
    Tensor[] parts = FusedOps.split(g, projected.hold(), keys, keys, values, values);
    long each = gates.elements() / 2;
    Tensor[] pair = FusedOps.split(g, gates.hold(), each, each);
    boolean grouped = mixer.groups() < mixer.heads();
    Tensor value = grouped ? copy(g, parts[2], QUERY_KEY_VALUE) : parts[2];
    Tensor z = grouped ? copy(g, parts[3], GATES) : parts[3];
    Tensor b = grouped ? copy(g, pair[0], GATES) : pair[0];
    Tensor a = grouped ? copy(g, pair[1], GATES) : pair[1];
    Tensor query = copy(g, parts[0], QUERY_KEY_VALUE);
    Tensor key = copy(g, parts[1], QUERY_KEY_VALUE);
    Tensor mixed =
        g.rebind(query, key, ShapeOps.concatenate(g, QUERY_KEY_VALUE, query, key, value));
    g.release(value);
    return new Streams(mixed, z, b, a, new Tensor[] {projected, gates});
  }

  private static Tensor copy(Graph g, Tensor x, String name) {
    return g.rebind(x, Pointwise.copy(g, x, name));
  }

  private Streams separate(Graph g, Tensor x) {
    Tensor mixed = input.get(0).forward(g, x);
    Tensor z = input.get(1).forward(g, x);
    Tensor b = input.get(2).forward(g, x);
    Tensor a = input.get(3).forward(g, x);
    return new Streams(mixed, z, b, a, new Tensor[0]);
  }

  /** {@code F.silu(conv1d(x)[:, :, :s])}, then query, key and value as views; takes over x. */
  private Tensor[] convolve(Graph g, Tensor mixed) {
    Tensor lowered = Pointwise.lowered(g, mixed);
    Tensor weight = parameters.cast(g, "conv1d.weight").orElseThrow();
    long kernel = weight.elements() / (mixer.innerSize() + mixer.stateStreams());
    long padded = mixed.elements() / settings.sequence() * (settings.sequence() + kernel - 1);
    Tensor whole =
        g.rebind(
            lowered, weight, ShapeOps.convolution(g, lowered, weight, null, padded, "convolved"));
    Tensor cut = ShapeOps.slice(g, whole, mixed.elements());
    Tensor activated = Pointwise.activation(g, Aten.SILU, cut, "convolved");
    g.release(cut, mixed);
    long keys = keyElements();
    return FusedOps.split(g, activated, keys, keys, settings.tokens() * mixer.innerSize());
  }

  private long keyElements() {
    return settings.tokens() * mixer.stateStreams() / 2;
  }

  /** {@code -A_log.float().exp() * softplus(a.float() + dt_bias)}. */
  private Tensor decay(Graph g, Tensor a) {
    Tensor wideRates =
        Pointwise.cast(g, parameters.get("A_log").value(), DataType.FP32, "decay rates");
    Tensor exp = Pointwise.savingResult(g, Aten.EXP, wideRates, "decay rates");
    try (Scope scope = Scope.of(g)) {
      Tensor rates = scope.own(Pointwise.scale(g, exp, "decay rates"));
      g.release(wideRates, exp);
      Tensor wide = Pointwise.cast(g, a, DataType.FP32, GATES);
      Tensor shifted =
          g.rebind(wide, Pointwise.add(g, wide, parameters.get("dt_bias").value(), GATES));
      Tensor steps =
          scope.own(g.rebind(shifted, Pointwise.activation(g, Aten.SOFTPLUS, shifted, GATES)));
      return Pointwise.mul(g, rates, steps, GATES);
    }
  }

  private long keySize() {
    return mixer.stateStreams() / 2 / mixer.groups();
  }

  private Tensor repeated(Graph g, Tensor x) {
    long elements = settings.tokens() * mixer.heads() * keySize();
    return mixer.groups() == mixer.heads()
        ? x.hold()
        : ShapeOps.resized(g, x, elements, "repeated queries and keys");
  }

  private Tensor deltaRule(Graph g, Tensor[] heads, Tensor beta, Tensor decay) {
    long padded = DeltaRule.padded(settings.sequence());
    DataType dtype = heads[0].dtype();
    Tensor outputs =
        settings.code().solvesDeltaRule()
            ? solved(g, heads, beta, decay, padded)
            : cloned(g, heads, beta, decay, padded);
    Tensor cut = ShapeOps.slice(g, outputs, outputs.elements() / padded * settings.sequence());
    if (settings.code().solvesDeltaRule()) {
      return g.rebind(
          cut,
          cut.dtype() == dtype
              ? Pointwise.copy(g, cut, "delta rule values")
              : Pointwise.cast(g, cut, dtype, "delta rule values"));
    }
    Tensor byTokens = g.rebind(cut, Pointwise.copy(g, cut, "delta rule values"));
    return g.rebind(byTokens, Pointwise.cast(g, byTokens, dtype, "delta rule values"));
  }

  /** Before Transformers 5.17: normalised in the model's dtype, copied, cast, padded, scaled. */
  private Tensor cloned(Graph g, Tensor[] heads, Tensor beta, Tensor decay, long padded) {
    Tensor query = byHeads(g, DeltaRule.normalised(g, heads[0], keySize()), padded);
    Tensor key = byHeads(g, DeltaRule.normalised(g, heads[1], keySize()), padded);
    Tensor value = byHeads(g, heads[2].hold(), padded);
    Tensor wideBeta = byHeads(g, beta.hold(), padded);
    Tensor wideDecay = byHeads(g, decay.hold(), padded);
    Tensor scaled = g.rebind(query, Pointwise.scale(g, query, QUERY_KEY_VALUE));
    DeltaRule rule =
        new DeltaRule(settings.batch() * mixer.heads(), padded, keySize(), mixer.headSize());
    try (Scope scope = Scope.of(g)) {
      scope.own(value, wideBeta, wideDecay);
      return g.rebind(scaled, key, rule.forward(g, scaled, key, value, wideBeta, wideDecay));
    }
  }

  /**
   * Since Transformers 5.17: made fp32 and contiguous at once, normalised, scaled, padded. What is
   * fp32 before is taken as it lies, by tokens.
   */
  private Tensor solved(Graph g, Tensor[] heads, Tensor beta, Tensor decay, long padded) {
    Tensor[] wide = new Tensor[5];
    Tensor[] narrow = {heads[0], heads[1], heads[2], beta, decay};
    for (int i = 0; i < wide.length; i++) {
      wide[i] =
          narrow[i].dtype() == DataType.FP32
              ? narrow[i].hold()
              : Pointwise.cast(g, narrow[i], DataType.FP32, QUERY_KEY_VALUE);
    }
    for (int i = 0; i < 2; i++) {
      wide[i] = g.rebind(wide[i], DeltaRule.normalised(g, wide[i], keySize()));
    }
    wide[0] = g.rebind(wide[0], Pointwise.scale(g, wide[0], QUERY_KEY_VALUE));
    for (int i = 0; i < wide.length; i++) {
      wide[i] = g.rebind(wide[i], padded(g, wide[i], padded));
    }
    boolean strided = heads[0].dtype() == DataType.FP32 && padded == settings.sequence();
    long batch = settings.batch();
    SolvedDeltaRule rule =
        new SolvedDeltaRule(
            batch * mixer.heads(),
            padded,
            keySize(),
            mixer.headSize(),
            strided,
            strided && batch > 1);
    try (Scope scope = Scope.of(g)) {
      scope.own(wide);
      return rule.forward(g, wide[0], wide[1], wide[2], wide[3], wide[4]);
    }
  }

  private Tensor padded(Graph g, Tensor x, long padded) {
    return ShapeOps.resized(g, x, x.elements() / settings.sequence() * padded, QUERY_KEY_VALUE);
  }

  /** {@code transpose(1, 2).contiguous().to(float32)}, then padded to whole chunks. */
  private Tensor byHeads(Graph g, Tensor x, long padded) {
    Tensor copy = copy(g, x, QUERY_KEY_VALUE);
    try (Scope scope = Scope.of(g)) {
      Tensor wide =
          scope.own(g.rebind(copy, Pointwise.cast(g, copy, DataType.FP32, QUERY_KEY_VALUE)));
      return padded(g, wide, padded);
    }
  }
}
