package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.attention.AttentionFactory;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States of patches to fewer latents that look at them (transformers Idefics2Connector,
 * Idefics2PerceiverResampler).
 *
 * @param settings those of the latents
 */
record ResamplerModule(
    StepSettings settings, GatedMlpPart first, Parameter latents, List<Layer> layers, Norms last)
    implements ProjectorPart {

  private static final String LATENTS = "latents of images";

  /** Of the parts of {@link Projector.Reading}. */
  record Layer(
      Norms ofLatents, Norms ofStates, LayerPart attention, Norms after, GatedMlpPart mlp) {}

  /** Puts the parameters onto the trace. */
  static ResamplerModule load(
      ModuleFactory modules, StepSettings tower, Projector.Resampled resampled) {
    StepSettings settings = tower.ofLatents(resampled.count());
    MixtureFactory mlps = new MixtureFactory(modules, settings);
    AttentionFactory attention = new AttentionFactory(modules, settings, 0);
    GatedMlpPart first = mlps.gated(resampled.first());
    long elements = resampled.latents().count();
    Parameter latents = modules.layerParameter(LATENTS, elements, resampled.count());
    List<Layer> layers =
        resampled.layers().stream()
            .map(
                each ->
                    new Layer(
                        modules.norm(each.ofLatents()),
                        modules.norm(each.ofStates()),
                        attention.cross(each.attention()),
                        modules.norm(each.after()),
                        mlps.gated(each.mlp())))
            .toList();
    return new ResamplerModule(settings, first, latents, layers, modules.norm(resampled.last()));
  }

  /**
   * Latents of all images; takes over the patches, which code around it names until it returns.
   * Those that show padding are hidden.
   */
  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    try (Scope names = Scope.of(g)) {
      names.own(patches);
      Tensor states = names.own(first.forward(g, patches));
      long images = settings.batch();
      long keys = batch.cells() / images + settings.sequence();
      Tensor mask = batch.padded() || masksAll() ? mask(g, keys, states.dtype()) : null;
      if (mask != null) {
        names.own(mask);
      }
      Tensor hidden =
          ShapeOps.expand(g, latents.value().hold(), images * latents.value().elements());
      for (Layer layer : layers) {
        hidden = g.rebind(hidden, through(g, layer, hidden, states, mask, keys));
      }
      return g.rebind(hidden, last.forward(g, hidden));
    }
  }

  /** Before 5.2 there was a mask whether it hid something or not. */
  private boolean masksAll() {
    return !settings.code().version().atLeast(5, 2);
  }

  /** {@code create_bidirectional_mask}. */
  private @Nullable Tensor mask(Graph g, long keys, DataType hidden) {
    AttentionKernel kernel = settings.attention();
    if (kernel != AttentionKernel.SDPA && kernel != AttentionKernel.EAGER) {
      return null;
    }
    boolean bool = settings.code().booleanMasks() && kernel == AttentionKernel.SDPA;
    DataType dtype = bool ? DataType.BOOL : hidden;
    return Pointwise.detached(g, settings.tokens() * keys, dtype, "attention mask of latents");
  }

  /** A layer; latents and states stay the caller's. */
  private static Tensor through(
      Graph g, Layer layer, Tensor latents, Tensor states, @Nullable Tensor mask, long keys) {
    try (Scope names = Scope.of(g)) {
      Tensor own = layer.ofLatents().forward(g, latents);
      Tensor read = names.own(layer.ofStates().forward(g, states));
      Tensor all = ShapeOps.concatenate(g, "states and latents", read, own);
      SharedInputs shared = SharedInputs.NONE.with(new Seeing(all, mask, null, keys));
      Tensor attended = layer.attention().forward(g, own, shared);
      g.release(all);
      g.release(own);
      Tensor sum = g.rebind(attended, Pointwise.add(g, latents, attended, LATENTS));
      Tensor normed = layer.after().forward(g, sum);
      Tensor made = g.rebind(normed, layer.mlp().forward(g, normed));
      return g.rebind(sum, made, Pointwise.add(g, sum, made, LATENTS));
    }
  }
}
