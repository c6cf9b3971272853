package dev.vramcast.core.module.compress;

import dev.vramcast.core.architecture.mixer.Compressor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Makes one key of the tokens of each window, and says which of them each query sees (transformers
 * deepseek_v4/modeling_deepseek_v4.py DeepseekV4HCACompressor and DeepseekV4CSACompressor).
 *
 * @param choice null where every query sees all windows behind it
 */
public record CompressorPart(
    Compressor compressor,
    ModuleScope scope,
    StepSettings settings,
    TrailingRotary rotary,
    Projection keyValue,
    Scores scores,
    Norms norm,
    @Nullable EntryChoice choice) {

  /**
   * Scores of the softmax over a window.
   *
   * @param bias of each place, in fp32
   */
  record Scores(Projection gate, Parameter bias) {

    private static Scores load(ModuleFactory modules, Compressor compressor) {
      Projection gate = modules.projection(compressor.scores().gate());
      long elements = compressor.scores().bias().count();
      return new Scores(
          gate, modules.wideParameter("position biases", elements, compressor.rate()));
    }
  }

  private static final String NAME = "compressed keys";
  private static final String BIAS = "mask of compressed keys";

  /**
   * What attention reads beside its window.
   *
   * @param keys made of windows
   * @param bias of each query and key, null where there is no key
   */
  public record Entries(Tensor keys, @Nullable Tensor bias) {}

  /** Puts the parameters onto the trace. */
  public static CompressorPart load(
      ModuleFactory modules, StepSettings settings, Compressor compressor, int ropeSize) {
    ModuleScope scope = modules.module().own(compressor.path(), "Compressor.forward");
    Projection keyValue = modules.projection(compressor.keyValue());
    Scores scores = Scores.load(modules, compressor);
    Norms norm = modules.norm(compressor.norm()).ofHeads();
    EntryChoice choice =
        compressor
            .choice()
            .map(each -> EntryChoice.load(modules, settings, each, ropeSize))
            .orElse(null);
    TrailingRotary rotary = new TrailingRotary(compressor.headSize(), ropeSize);
    return new CompressorPart(compressor, scope, settings, rotary, keyValue, scores, norm, choice);
  }

  /**
   * The keys and their mask.
   *
   * @param x input of the layer's attention, which stays the caller's
   * @param lowQuery the low-rank query, likewise
   */
  public Entries forward(Graph g, Tensor x, Tensor lowQuery) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor keys = pooled(g, x, frame, false);
      Tensor bias = windows() == 0 ? null : bias(g, x, lowQuery, keys, frame);
      return frame.result(new Entries(keys, bias));
    }
  }

  /** Windows of a sequence. */
  long windows() {
    return compressor.windows(settings.sequence());
  }

  private Tensor bias(Graph g, Tensor x, Tensor lowQuery, Tensor keys, Scope names) {
    if (choice == null) {
      Tensor zeros = detached(g, settings.tokens() * windows(), keys.dtype());
      Tensor hidden = detached(g, settings.sequence() * windows(), DataType.BOOL);
      return g.rebind(zeros, hidden, detached(g, settings.tokens() * windows(), keys.dtype()));
    }
    Tensor chosen = names.own(choice.forward(g, x, lowQuery));
    names.own(detached(g, chosen.elements(), DataType.BOOL));
    Tensor outside = detached(g, chosen.elements(), DataType.INT64);
    names.own(g.rebind(outside, detached(g, chosen.elements(), DataType.INT64)));
    return detached(g, settings.tokens() * (windows() + 1), keys.dtype());
  }

  /**
   * One key of each window.
   *
   * @param names what the code names until it returns
   * @param keeps what is saved lives as long, as no backward pass will come
   */
  Tensor pooled(Graph g, Tensor x, Scope names, boolean keeps) {
    Tensor values = names.own(keyValue.forward(g, x));
    Tensor raw = names.own(scores.gate().forward(g, x));
    long used = values.elements() / settings.sequence() * windows() * compressor.rate();
    if (used == 0) {
      return detached(g, 0, values.dtype());
    }
    Tensor chunk = names.own(cut(g, values, used));
    Tensor cutScores = cut(g, raw, used);
    Tensor biased =
        names.own(g.rebind(cutScores, Pointwise.add(g, cutScores, scores.bias().value(), NAME)));
    if (compressor.overlaps()) {
      chunk = names.own(overlapping(g, chunk));
      biased = names.own(overlapping(g, biased));
    }
    Tensor sum = summed(g, chunk, biased, names, keeps);
    Tensor normalised = g.rebind(sum, norm.forward(g, sum));
    return rotary.rotate(g, normalised, settings.batch() * windows(), normalised.dtype());
  }

  private Tensor summed(Graph g, Tensor chunk, Tensor scores, Scope names, boolean keeps) {
    Tensor softmax = Pointwise.savingResult(g, Aten.SOFTMAX, scores, NAME);
    Tensor weights = Pointwise.cast(g, softmax, chunk.dtype(), NAME);
    if (keeps) {
      names.own(softmax.hold());
      names.own(weights.hold());
    }
    Tensor product = g.rebind(softmax, weights, Pointwise.mul(g, chunk, weights, NAME));
    long elements = settings.batch() * windows() * compressor.headSize();
    return g.rebind(product, ShapeOps.sum(g, product, elements, NAME));
  }

  private static Tensor cut(Graph g, Tensor x, long elements) {
    return x.elements() == elements ? x.hold() : ShapeOps.slice(g, x.hold(), elements);
  }

  /** Windows twice as long, of half the features, into which two slices are written. */
  private Tensor overlapping(Graph g, Tensor x) {
    Tensor base = Pointwise.detached(g, x.elements(), x.dtype(), NAME);
    Tensor own = ShapeOps.slice(g, x.hold(), x.elements() / 2);
    Tensor first = g.rebind(own, ShapeOps.assign(g, base, own));
    if (windows() == 1) {
      return first;
    }
    long before = x.elements() / 2 / windows() * (windows() - 1);
    Tensor other = ShapeOps.slice(g, x.hold(), before);
    return g.rebind(other, ShapeOps.assign(g, first, other));
  }

  private static Tensor detached(Graph g, long elements, DataType dtype) {
    return Pointwise.detached(g, elements, dtype, BIAS);
  }
}
