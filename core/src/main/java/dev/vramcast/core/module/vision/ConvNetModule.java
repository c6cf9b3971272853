package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.vision.ConvNet;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network of convolutions that is a whole tower (timm models/mobilenetv5.py
 * MobileNetV5Encoder.forward_features). No checkpoint reaches it: timm has a switch of its own,
 * which the model around it does not turn (transformers modeling_utils.py
 * gradient_checkpointing_enable).
 */
public record ConvNetModule(
    ModuleScope scope,
    StepSettings settings,
    PatchEmbedding embedding,
    ConvNet net,
    Step stem,
    List<List<Block>> stages,
    Chain fusion,
    Parameter last)
    implements TowerEmbedding {

  private static final String FEATURES = "features of images";

  /** A convolution and the weight of the norm behind it. */
  record Step(ConvNet.Step step, Parameter weight, @Nullable Parameter bias, Parameter norm) {}

  /** A block of a stage. */
  sealed interface Block {}

  /** Steps and the factors behind them; null where there are none. */
  record Chain(ConvNet.Chain chain, List<Step> steps, @Nullable Parameter scale) implements Block {}

  /**
   * The one head of keys or values; no step where it is made of what queries are.
   *
   * @param shortening of what it is made of
   */
  record Shared(@Nullable Step shortening, Parameter weight) {}

  /** Attention. */
  record Attending(
      ConvNet.Attending attending,
      Parameter norm,
      Parameter query,
      Shared key,
      Shared value,
      Parameter output,
      Parameter scale)
      implements Block {}

  /** Puts the parameters onto the trace. */
  public static ConvNetModule load(
      ModuleFactory modules, StepSettings settings, PatchEmbedding embedding) {
    ConvNet net = embedding.net().orElseThrow();
    Step stem = step(modules, net.stem());
    List<List<Block>> stages = new ArrayList<>();
    for (ConvNet.Stage stage : net.stages()) {
      stages.add(stage.blocks().stream().map(each -> block(modules, each)).toList());
    }
    Chain fusion = chain(modules, net.fusion());
    Parameter last = norm(modules, net.fusion().out());
    ModuleScope scope = modules.site().module().own("", "MobileNetV5Encoder.forward_features");
    return new ConvNetModule(scope, settings, embedding, net, stem, stages, fusion, last);
  }

  private static Parameter norm(ModuleFactory modules, long size) {
    return modules.layerParameter("norm weights", size, 1);
  }

  private static Step step(ModuleFactory modules, ConvNet.Step step) {
    return new Step(
        step,
        modules.kernel("convolution", step.weights(), step.out()),
        step.bias() ? modules.layerParameter("biases", step.out(), 1) : null,
        norm(modules, step.out()));
  }

  private static Block block(ModuleFactory modules, ConvNet.Block block) {
    return block instanceof ConvNet.Chain chain
        ? chain(modules, chain)
        : attending(modules, (ConvNet.Attending) block);
  }

  private static Chain chain(ModuleFactory modules, ConvNet.Chain chain) {
    List<Step> steps = chain.steps().stream().map(each -> step(modules, each)).toList();
    Parameter scale =
        chain.scale().isPresent() ? modules.layerParameter("scales", chain.out(), 1) : null;
    return new Chain(chain, steps, scale);
  }

  private static Attending attending(ModuleFactory modules, ConvNet.Attending of) {
    long all = (long) of.heads() * of.size();
    Parameter norm = norm(modules, of.features());
    Parameter query = modules.kernel("convolution", all * of.features(), all);
    Step keys = of.shortening().map(each -> step(modules, each.ofKeys())).orElse(null);
    long one = (long) of.size() * of.features();
    Parameter key = modules.kernel("convolution", one, of.size());
    Step values = of.shortening().map(each -> step(modules, each.ofValues())).orElse(null);
    Parameter value = modules.kernel("convolution", one, of.size());
    Parameter output = modules.kernel("convolution", all * of.features(), of.features());
    Parameter scale = modules.layerParameter("scales", of.features(), 1);
    return new Attending(
        of, norm, query, new Shared(keys, key), new Shared(values, value), output, scale);
  }

  /** timm's wrapper names no input embedding. */
  @Override
  public boolean takesLeaf() {
    return false;
  }

  @Override
  public DataType dtype() {
    return stem.weight().dtype();
  }

  private long images() {
    return settings.batch();
  }

  @Override
  public Tensor forward(Graph g, Tensor pixels, @Nullable InputLeaf leaf) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor given = frame.own(Pointwise.cast(g, pixels, dtype(), "pixels"));
      Tensor hidden = through(g, given, stem);
      List<Tensor> read = new ArrayList<>();
      for (int i = 0; i < stages.size(); i++) {
        hidden = g.rebind(hidden, through(g, hidden, stages.get(i)));
        if (net.stages().get(i).fused()) {
          read.add(frame.own(hidden.hold()));
        }
      }
      Tensor fused = g.rebind(hidden, fused(g, read));
      // last_hidden_state *= hidden_size**0.5, of what lies by feature (get_image_features).
      return frame.result(ShapeOps.scaleSliceInPlace(g, fused, fused.elements()));
    }
  }

  private Tensor through(Graph g, Tensor stageInput, List<Block> blocks) {
    Tensor hidden = stageInput.hold();
    for (Block block : blocks) {
      Tensor out =
          block instanceof Chain chain
              ? through(g, hidden, chain)
              : attended(g, hidden, (Attending) block);
      hidden = g.rebind(hidden, out);
    }
    return hidden;
  }

  /** All steps; the argument, which the caller's frame names, stays the caller's. */
  private Tensor through(Graph g, Tensor input, Chain chain) {
    boolean nested = chain.chain().nested();
    Tensor hidden = input.hold();
    for (Step step : chain.steps()) {
      if (nested) {
        hidden = g.rebind(hidden, through(g, hidden, step));
      } else {
        Tensor convolved = g.rebind(hidden, convolved(g, hidden, step));
        hidden = g.rebind(convolved, normed(g, convolved, step));
      }
    }
    if (chain.scale() != null) {
      hidden = g.rebind(hidden, Pointwise.mul(g, hidden, chain.scale().value(), FEATURES));
    }
    return chain.chain().adds()
        ? g.rebind(hidden, Pointwise.add(g, hidden, input, FEATURES))
        : hidden;
  }

  private Tensor through(Graph g, Tensor input, Step step) {
    Tensor convolved = convolved(g, input, step);
    return g.rebind(convolved, normed(g, convolved, step));
  }

  private Tensor convolved(Graph g, Tensor x, Step step) {
    ConvNet.Step of = step.step();
    long filled = images() * of.in() * of.filled() * of.filled();
    Tensor input =
        filled > x.elements() ? ShapeOps.resized(g, x, filled, "filled features") : x.hold();
    long elements = images() * of.out() * of.to() * of.to();
    return g.rebind(input, convolved(g, input, step.weight(), step.bias(), elements));
  }

  private static Tensor convolved(
      Graph g, Tensor x, Parameter weight, @Nullable Parameter bias, long elements) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.lowered(g, x));
      Tensor operand = scope.own(Pointwise.lowered(g, weight.value()));
      Tensor offset = bias == null ? null : scope.own(Pointwise.lowered(g, bias.value()));
      return ShapeOps.convolution(g, input, operand, offset, elements, FEATURES);
    }
  }

  private static Tensor normed(Graph g, Tensor x, Step step) {
    Tensor normed = normed(g, x, step.norm());
    return step.step().active()
        ? g.rebind(normed, Activations.apply(g, Activation.GELU_TANH, normed))
        : normed;
  }

  /** timm layers/fast_norm.py rms_norm2d; autocast squares and takes roots in fp32. */
  private static Tensor normed(Graph g, Tensor x, Parameter weight) {
    Tensor wide = Pointwise.widened(g, x, "features in fp32");
    Tensor square = g.rebind(wide, Pointwise.square(g, wide, "squares"));
    long rows = x.elements() / weight.elements();
    Tensor mean = g.rebind(square, Matrix.rowMean(g, square, rows, "variance"));
    Tensor shifted = g.rebind(mean, Pointwise.scale(g, mean, "variance"));
    Tensor inverse = g.rebind(shifted, Matrix.rsqrt(g, shifted, "rstd"));
    Tensor normalised = g.rebind(inverse, Pointwise.mul(g, x, inverse, FEATURES));
    return g.rebind(normalised, Pointwise.mul(g, normalised, weight.value(), FEATURES));
  }

  /** timm _efficientnet_blocks.py MobileAttention.forward; the argument stays the caller's. */
  private Tensor attended(Graph g, Tensor input, Attending block) {
    Tensor normed = normed(g, input, block.norm());
    Tensor made = g.rebind(normed, heads(g, normed, block));
    Tensor scaled = g.rebind(made, Pointwise.mul(g, made, block.scale().value(), FEATURES));
    return g.rebind(scaled, Pointwise.add(g, scaled, input, FEATURES));
  }

  private Tensor heads(Graph g, Tensor x, Attending block) {
    ConvNet.Attending of = block.attending();
    long all = images() * of.queries() * of.heads() * of.size();
    try (Scope frame = Scope.of(g)) {
      Tensor planes = convolved(g, x, block.query(), null, all);
      Tensor query = frame.own(g.rebind(planes, Pointwise.copy(g, planes, "queries")));
      Tensor key = frame.own(shared(g, x, block.key(), of));
      Tensor value = frame.own(shared(g, x, block.value(), of));
      long scores = images() * of.heads() * of.queries() * of.keys();
      Tensor seen =
          new SingleHeadAttention(images(), of.heads(), scores).forward(g, query, key, value);
      Tensor byToken = g.rebind(seen, Pointwise.copy(g, seen, FEATURES));
      Tensor byFeature = g.rebind(byToken, Pointwise.copy(g, byToken, FEATURES));
      long elements = images() * of.queries() * of.features();
      return g.rebind(byFeature, convolved(g, byFeature, block.output(), null, elements));
    }
  }

  /** The one head of keys or values, which lies by token. */
  private Tensor shared(Graph g, Tensor x, Shared head, ConvNet.Attending of) {
    Step shortening = head.shortening();
    Tensor read = shortening == null ? x.hold() : through(g, x, shortening);
    long elements = images() * of.keys() * of.size();
    Tensor planes = g.rebind(read, convolved(g, read, head.weight(), null, elements));
    return g.rebind(planes, Pointwise.copy(g, planes, "shared head"));
  }

  /** timm MobileNetV5MultiScaleFusionAdapter.forward, whose lists name what it has stretched. */
  private Tensor fused(Graph g, List<Tensor> read) {
    ConvNet.Step first = net.fusion().steps().get(0);
    long places = images() * first.from() * first.from();
    try (Scope frame = Scope.of(g)) {
      Tensor[] stretched = new Tensor[read.size()];
      for (int i = 0; i < stretched.length; i++) {
        long features = net.stages().get(net.stages().size() - stretched.length + i).out();
        Tensor from = read.get(i);
        stretched[i] =
            frame.own(
                from.elements() < places * features
                    ? VisionOps.nearest(g, from, places * features)
                    : from.hold());
      }
      Tensor all = frame.own(ShapeOps.concatenate(g, FEATURES, stretched));
      Tensor made = through(g, all, fusion);
      long cells = images() * net.cells() * net.cells() * net.fusion().out();
      Tensor pooled = g.rebind(made, VisionOps.pooled(g, made, cells));
      return g.rebind(pooled, normed(g, pooled, last));
    }
  }
}
