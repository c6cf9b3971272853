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
 * @param compressor null where a layer sees its window alone
 */
record CompressedAttentionPart(
    CompressedAttention attention,
    StepSettings settings,
    Query query,
    KeyValue keyValue,
    Output output,
    Parameter sinks,
    @Nullable CompressorPart compressor)
    implements LayerPart {

  /** The low-rank pair, with the norms between and behind it. */
  record Query(List<Projection> pair, Norms between, Norms ofHeads) {

    private static Query load(ModuleFactory modules, CompressedAttention.Query query) {
      List<Projection> pair = modules.projections(query.pair());
      return new Query(
          pair, modules.norm(query.between()).ofHeads(), modules.norm(query.ofHeads()).ofHeads());
    }
  }

  /** The key, which is the value. */
  record KeyValue(Projection projection, Norms norm) {

    private static KeyValue load(ModuleFactory modules, CompressedAttention.KeyValue made) {
      return new KeyValue(
          modules.projection(made.projection()), modules.norm(made.norm()).ofHeads());
    }
  }

  /** Of the heads of a group, and of all groups. */
  record Output(Projection grouped, Projection last) {

    private static Output load(ModuleFactory modules, CompressedAttention.Output output) {
      return new Output(
          modules.bareProjection(output.grouped()), modules.projection(output.last()));
    }
  }

  private static final String OUTPUTS = "attention outputs by token";

  static CompressedAttentionPart load(
      ModuleFactory modules, StepSettings settings, CompressedAttention attention) {
    CompressedAttention.Heads heads = attention.heads();
    return new CompressedAttentionPart(
        attention,
        settings,
        Query.load(modules, attention.query()),
        KeyValue.load(modules, attention.keyValue()),
        Output.load(modules, attention.output()),
        modules.wideParameter("sinks", heads.count(), 1),
        attention
            .compressor()
            .map(each -> CompressorPart.load(modules, settings, each, heads.ropeSize()))
            .orElse(null));
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Projection first = query.pair().get(0);
    Projection second = query.pair().get(1);
    try (Scope names = Scope.of(g)) {
      Tensor lowQuery = names.own(normalised(g, first.forward(g, x), query.between()));
      Tensor heads = normalised(g, second.forward(g, lowQuery), query.ofHeads());
      Tensor queries = names.own(rotated(g, heads, shared));
      Tensor raw = normalised(g, keyValue.projection().forward(g, x), keyValue.norm());
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
      return output.last().forward(g, groups);
    }
  }

  private static Tensor normalised(Graph g, Tensor x, Norms norm) {
    return g.rebind(x, norm.forward(g, x));
  }

  private Tensor rotated(Graph g, Tensor x, SharedInputs shared) {
    CompressedAttention.Heads heads = attention.heads();
    TrailingRotary rotary = new TrailingRotary(heads.size(), heads.ropeSize());
    Tensor table = shared.rotation().cos();
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
    int size = attention.heads().size();
    HeadShape shape =
        new HeadShape(
            attention.heads().count(), 1, size, size, attention.slidingWindow(), 0, 0, sinks);
    HeadOps ops = new HeadOps(shape, settings, attention.keys(settings.sequence()));
    Tensor[] heads = {queries, keys, keys};
    return new EagerAttention(ops).forward(g, heads, mask, shared, true);
  }

  /** DeepseekV4GroupedLinear: each group of heads by its own matrix. */
  private Tensor grouped(Graph g, Tensor attended) {
    long rank = attention.output().grouped().out();
    DenseLinear base = (DenseLinear) output.grouped().base();
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
