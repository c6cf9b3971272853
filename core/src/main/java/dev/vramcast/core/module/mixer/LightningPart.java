package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.List;

/**
 * Linear attention over blocks of tokens (transformers minimax/modeling_minimax.py
 * MiniMaxLightningAttention): inside of a block every query meets every key, between blocks goes a
 * state of keys by values.
 *
 * @param input the fused projection of queries, keys and values, and that of the gate
 * @param decays buffers of one number for each pair of a block's tokens, and for each of its tokens
 */
record LightningPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    List<Parameter> decays,
    Norms norm,
    Projection output)
    implements LayerPart {

  private static final String HEADS = "queries, keys and values";
  private static final String SCORES = "attention scores";
  private static final String OUTPUTS = "attention outputs";
  private static final String STATES = "attention states";

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope scope = Scope.of(g)) {
      Tensor raw = input.get(0).forward(g, x);
      Tensor activated = g.rebind(raw, Pointwise.activation(g, Aten.SILU, raw, HEADS));
      long each = settings.tokens() * mixer.innerSize();
      Tensor[] heads = scope.own(FusedOps.split(g, activated, each, each, each));
      if (fillsValues()) {
        heads[2] = scope.own(Pointwise.scale(g, heads[2], HEADS));
      }
      Tensor attended = overBlocks(g, heads, scope);
      Tensor byTokens = g.rebind(attended, Pointwise.copy(g, attended, OUTPUTS));
      Tensor normalised = scope.own(g.rebind(byTokens, norm.forward(g, byTokens)));
      Tensor gate = input.get(1).forward(g, x);
      Tensor sigmoid = g.rebind(gate, Pointwise.savingResult(g, Aten.SIGMOID, gate, "gates"));
      Tensor gated = scope.own(g.rebind(sigmoid, Pointwise.mul(g, sigmoid, normalised, OUTPUTS)));
      return output.forward(g, gated);
    }
  }

  /** {@code masked_fill} of padding makes values that lie by heads, before 5.15. */
  private boolean fillsValues() {
    return !settings.code().version().atLeast(5, 15);
  }

  /** The outputs by heads; what the last block has names for lives with the scope. */
  private Tensor overBlocks(Graph g, Tensor[] heads, Scope names) {
    Tensor state =
        g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, stateElements(), heads[2].dtype());
    List<Tensor> outputs = new ArrayList<>();
    long blocks = (settings.sequence() + mixer.chunk() - 1) / mixer.chunk();
    for (long i = 0; i < blocks; i++) {
      long size = Math.min(mixer.chunk(), settings.sequence() - i * mixer.chunk());
      boolean last = i == blocks - 1;
      try (Scope block = Scope.of(g)) {
        Scope scope = last ? names : block;
        Tensor[] parts = new Tensor[heads.length];
        for (int j = 0; j < parts.length; j++) {
          long elements = heads[j].elements() / settings.sequence() * size;
          parts[j] = scope.own(ShapeOps.slice(g, heads[j].hold(), elements));
        }
        Tensor inside = scope.own(inside(g, parts, size, scope));
        Tensor before = scope.own(before(g, parts, state));
        outputs.add(Pointwise.add(g, before, inside, OUTPUTS));
        Tensor old = state;
        state = last ? g.withoutGrad(() -> next(g, parts, old)) : next(g, parts, old);
      }
    }
    names.own(state);
    Tensor[] all = outputs.toArray(Tensor[]::new);
    Tensor result = ShapeOps.concatenate(g, OUTPUTS, all);
    for (Tensor each : all) {
      g.release(each);
    }
    return result;
  }

  /** {@code matmul(matmul(q, k) * decay, v)}. */
  private Tensor inside(Graph g, Tensor[] parts, long size, Scope names) {
    long scores = settings.batch() * mixer.heads() * size * size;
    Tensor raw = names.own(product(g, parts[0], false, parts[1], false, scores, SCORES));
    Tensor decayed = decayed(g, raw, 0, SCORES);
    return g.rebind(
        decayed, product(g, decayed, true, parts[2], true, parts[2].elements(), OUTPUTS));
  }

  /** {@code matmul(q * decay, state)}. */
  private Tensor before(Graph g, Tensor[] parts, Tensor state) {
    Tensor query = decayed(g, parts[0], 1, HEADS);
    Tensor left = flat(g, query, false);
    Tensor right = Pointwise.lowered(g, state);
    Tensor result = Matrix.product(g, left, right, parts[0].elements(), OUTPUTS);
    g.release(query, left);
    return g.rebind(right, result);
  }

  /** {@code state * decay + matmul(k * decay, v)}; takes over the state. */
  private Tensor next(Graph g, Tensor[] parts, Tensor state) {
    Tensor faded = g.rebind(state, Pointwise.scale(g, state, STATES));
    Tensor key = decayed(g, parts[1], 1, HEADS);
    Tensor added = g.rebind(key, product(g, key, false, parts[2], true, stateElements(), STATES));
    return g.rebind(faded, added, Pointwise.add(g, faded, added, STATES));
  }

  private Tensor decayed(Graph g, Tensor x, int index, String name) {
    return Pointwise.mulByWeight(g, decays.get(index).value(), x, name);
  }

  /** Of several sequences what lies by tokens is copied to lie by heads. */
  private Tensor product(
      Graph g, Tensor a, boolean contiguous, Tensor b, boolean values, long elements, String name) {
    Tensor left = flat(g, a, contiguous);
    Tensor right = flat(g, b, values && fillsValues());
    return g.rebind(left, right, Matrix.product(g, left, right, elements, name));
  }

  private Tensor flat(Graph g, Tensor x, boolean contiguous) {
    Tensor lowered = Pointwise.lowered(g, x);
    return contiguous || settings.batch() == 1
        ? lowered
        : g.rebind(lowered, Pointwise.copy(g, lowered, HEADS));
  }

  private long stateElements() {
    return settings.batch() * mixer.heads() * mixer.headSize() * (long) mixer.headSize();
  }
}
