package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.compress.CompressorPart;
import dev.vramcast.core.module.compress.TrailingRotary;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention to one key a token within a window and to compressed ones (transformers
 * deepseek_v4/modeling_deepseek_v4.py DeepseekV4Attention), which is always written out.
 *
 * @param query the low-rank pair
 * @param compressor null where a layer sees its window alone
 */
record CompressedAttentionPart(
    CompressedAttention attention,
    StepSettings settings,
    List<Projection> query,
    Norms queryNorm,
    Norms headNorm,
    Projection keyValue,
    Norms keyValueNorm,
    Projection groupedOutput,
    Projection output,
    Parameter sinks,
    @Nullable CompressorPart compressor)
    implements LayerPart {

  private static final String OUTPUTS = "attention outputs by token";

  static CompressedAttentionPart load(
      ModuleFactory modules, StepSettings settings, CompressedAttention attention) {
    List<Projection> query = modules.projections(attention.query());
    return new CompressedAttentionPart(
        attention,
        settings,
        query,
        modules.norm(attention.queryNorm()),
        modules.norm(attention.headNorm()),
        modules.projection(attention.keyValue()),
        modules.norm(attention.keyValueNorm()),
        modules.bareProjection(attention.groupedOutput()),
        modules.projection(attention.output()),
        modules.wideParameter("sinks", attention.heads(), 1),
        attention
            .compressor()
            .map(each -> CompressorPart.load(modules, settings, each, attention.ropeSize()))
            .orElse(null));
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope names = Scope.of(g)) {
      Tensor lowQuery = names.own(normalised(g, query.get(0).forward(g, x), queryNorm));
      Tensor heads = normalised(g, query.get(1).forward(g, lowQuery), headNorm);
      Tensor queries = names.own(rotated(g, heads, shared));
      Tensor raw = normalised(g, keyValue.forward(g, x), keyValueNorm);
      Tensor keys = rotated(g, raw, shared);
      Tensor mask = shared.masks().sliding();
      if (compressor != null) {
        CompressorPart.Entries entries = compressor.forward(g, x, lowQuery);
        keys = g.rebind(keys, ShapeOps.concatenate(g, "keys", keys, names.own(entries.keys())));
        mask = widened(g, mask, entries.bias(), names);
      }
      names.own(keys);
      Tensor attended = attend(g, queries, keys, mask, shared);
      Tensor turned = names.own(rotated(g, attended, shared));
      Tensor groups = names.own(grouped(g, turned));
      return output.forward(g, groups);
    }
  }

  private static Tensor normalised(Graph g, Tensor x, Norms norm) {
    return g.rebind(x, norm.forward(g, x));
  }

  private Tensor rotated(Graph g, Tensor x, SharedInputs shared) {
    TrailingRotary rotary = new TrailingRotary(attention.headSize(), attention.ropeSize());
    Tensor table = shared.cosines();
    return rotary.rotate(g, x, settings.sequence(), table.dtype());
  }

  /** The mask with the columns of compressed keys. */
  private @Nullable Tensor widened(
      Graph g, @Nullable Tensor mask, @Nullable Tensor bias, Scope names) {
    if (mask == null || bias == null) {
      return mask;
    }
    names.own(bias);
    Tensor cast = Pointwise.detachedCast(g, bias, mask.dtype(), "attention mask");
    long elements = settings.tokens() * attention.keys(settings.sequence());
    return names.own(
        g.rebind(cast, Pointwise.detached(g, elements, mask.dtype(), "attention mask")));
  }

  private Tensor attend(
      Graph g, Tensor queries, Tensor keys, @Nullable Tensor mask, SharedInputs shared) {
    HeadShape shape =
        new HeadShape(
            attention.heads(),
            1,
            attention.headSize(),
            attention.headSize(),
            attention.slidingWindow(),
            0,
            0,
            sinks);
    HeadOps ops = new HeadOps(shape, settings, attention.keys(settings.sequence()));
    Tensor[] heads = {queries, keys, keys};
    return new EagerAttention(ops).forward(g, heads, mask, shared, true);
  }

  /** DeepseekV4GroupedLinear: each group of heads by its own matrix. */
  private Tensor grouped(Graph g, Tensor attended) {
    long rank = attention.groupedOutput().out();
    DenseLinear base = (DenseLinear) groupedOutput.base();
    try (Scope scope = Scope.of(g)) {
      Tensor flat = Pointwise.copy(g, attended, OUTPUTS);
      Tensor input = scope.own(g.rebind(flat, Pointwise.lowered(g, flat)));
      Tensor weight = scope.own(Matrix.castActivation(g, base.weight().value()));
      Tensor product =
          scope.own(Matrix.product(g, input, weight, settings.tokens() * rank, "grouped outputs"));
      return Pointwise.copy(g, product, "grouped outputs");
    }
  }
}
