package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.module.linear.LowRankGate;
import dev.vramcast.core.module.mixer.MixerFactory;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.PerLayerInputPart;
import dev.vramcast.core.module.part.PlainMlpPart;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.module.stream.HyperConnectionPart;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the modules of a decoder layer, which puts their parameters onto the trace.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
record LayerFactory(
    ModuleFactory modules, StepSettings settings, long maxPositions, ModelingFile code) {

  /**
   * A layer.
   *
   * @param path from the model, e.g. {@code model.layers.*}
   */
  LayerModule layer(DecoderLayer layer, String path) {
    CallSite site = modules.site();
    ModuleScope scope = site.module().own(path, code.layer() + ".forward");
    Sharding.InUnit<LayerModule> built =
        site.within(scope, () -> modules.unit(Sharding.Place.LAYER, () -> build(layer, scope)));
    return built.part().in(built.unit());
  }

  /**
   * The layers of a run, built once.
   *
   * @param paths of each layer of its period
   * @param trained they are though the rest of the base is not
   */
  RepeatedLayers repeated(LayerRun run, List<String> paths, boolean trained) {
    int before = modules.trainables().size();
    List<LayerModule> layers = new ArrayList<>();
    modules.forLayers(
        run.times(),
        trained,
        () -> {
          for (int i = 0; i < paths.size(); i++) {
            layers.add(layer(run.period().get(i), paths.get(i)));
          }
        });
    List<Trainable> all = modules.trainables();
    return new RepeatedLayers(layers, run.times(), List.copyOf(all.subList(before, all.size())));
  }

  private LayerModule build(DecoderLayer layer, ModuleScope scope) {
    LayerExtras.InputGates gates = layer.extras().gates();
    Norms beforeMixer = gated(norm(layer.beforeMixer()), gates.mixer());
    LayerPart mixer = new MixerFactory(modules, settings, maxPositions).mixer(layer.mixer());
    Norms afterMixer = norm(layer.afterMixer());
    Norms beforeMlp = gated(norm(layer.beforeMlp()), gates.mlp());
    ModuleScope mlpScope = mlpScope(scope, layer);
    LayerPart mlp = tiled(() -> mlp(layer.mlp(), mlpScope));
    Norms afterMlp = norm(layer.afterMlp());
    LayerExtras extras = layer.extras();
    AltUpLayer altUp = extras.altUp().map(part -> AltUpLayer.load(modules, part)).orElse(null);
    PerLayerInputPart perLayer =
        extras.perLayerInput().map(part -> PerLayerInputPart.load(modules, part)).orElse(null);
    LayerModule.Cross cross = extras.cross().map(this::cross).orElse(null);
    LayerModule.Connections connections =
        extras
            .hyper()
            .map(
                pair ->
                    new LayerModule.Connections(
                        HyperConnectionPart.load(modules, pair.mixer()),
                        HyperConnectionPart.load(modules, pair.mlp())))
            .orElse(null);
    extras.otherLinears().forEach(modules::projection);
    for (ParameterTensor tensor : extras.otherParameters()) {
      modules.frozen(true, () -> modules.layerParameter("other parameters", tensor.count(), 1));
    }
    return new LayerModule(
        new LayerScopes(scope, mixerScope(scope, layer), mlpScope),
        layer,
        mixer,
        mlp,
        new LayerNorms(beforeMixer, afterMixer, beforeMlp, afterMlp),
        new LayerModule.Extras(perLayer, altUp, cross, connections),
        LayerModule.Around.of(settings),
        ShardUnit.NONE);
  }

  private LayerModule.Cross cross(CrossBlock block) {
    Norms before = modules.norm(block.before());
    LayerPart part = new MixerFactory(modules, settings, maxPositions).mixer(block.attention());
    return new LayerModule.Cross(before, Objects.requireNonNull(part));
  }

  private static ModuleScope mixerScope(ModuleScope layer, DecoderLayer decoder) {
    List<Linear> linears = decoder.mixer().linears();
    String path = linears.isEmpty() ? "" : parent(linears.get(linears.size() - 1));
    boolean attends =
        decoder.mixer() instanceof Attention
            || decoder.mixer() instanceof LatentAttention
            || decoder.mixer() instanceof CompressedAttention;
    return path.isEmpty()
        ? layer
        : layer.own(path, attends ? "Attention.forward" : "Mixer.forward");
  }

  private ModuleScope mlpScope(ModuleScope layer, DecoderLayer decoder) {
    if (decoder.mlp() instanceof MixtureOfExperts mixture) {
      return layer.own(mixture.names().block(), code.mixture() + ".forward");
    }
    String path = "";
    if (decoder.mlp() instanceof GatedMlp gated) {
      path = parent(gated.down());
    } else if (decoder.mlp() instanceof PlainMlp plain) {
      path = parent(plain.down());
    }
    return path.isEmpty() ? layer : layer.own(path, "MLP.forward");
  }

  /** The module that has a projection. */
  private static String parent(Linear linear) {
    int dot = linear.name().lastIndexOf('.');
    return dot < 0 ? "" : linear.name().substring(0, dot);
  }

  private @Nullable Norms gated(@Nullable Norms norm, Optional<LayerExtras.Gate> gate) {
    return norm == null || gate.isEmpty()
        ? norm
        : norm.gatedBy(
            new LowRankGate(
                modules.projection(gate.get().down()), modules.projection(gate.get().up())));
  }

  private @Nullable Norms norm(Optional<Norm> norm) {
    return norm.map(modules::norm).orElse(null);
  }

  /** The MLP that is built, on pieces of the tokens where the job asks for that. */
  private @Nullable LayerPart tiled(Supplier<@Nullable LayerPart> mlp) {
    OptionalInt tiles = settings.job().mlpTiles();
    int before = modules.trainables().size();
    LayerPart whole = mlp.get();
    if (whole == null || tiles.isEmpty()) {
      return whole;
    }
    List<Trainable> all = modules.trainables();
    List<Parameter> trained =
        all.subList(before, all.size()).stream().map(Trainable::parameter).toList();
    return new TiledMlpPart(settings, whole, tiles.getAsInt(), trained);
  }

  /** The MLP, or null for a layer without one. */
  private @Nullable LayerPart mlp(Mlp mlp, ModuleScope scope) {
    MixtureFactory mixtures = new MixtureFactory(modules, settings);
    if (mlp instanceof GatedMlp gated) {
      return mixtures.gated(gated);
    }
    if (mlp instanceof PlainMlp plain) {
      return new PlainMlpPart(
          settings,
          modules.projection(plain.up()),
          modules.projection(plain.down()),
          plain,
          plain.others().stream()
              .map(scale -> modules.layerParameter("activation scales", scale.count(), 1))
              .toList());
    }
    if (mlp instanceof MixtureOfExperts mixture) {
      return modules.block(scope, () -> mixtures.mixture(mixture));
    }
    if (mlp instanceof NoMlp) {
      return null;
    }
    throw new IllegalArgumentException("MLP " + mlp.getClass().getSimpleName());
  }
}
