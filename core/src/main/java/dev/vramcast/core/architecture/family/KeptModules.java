package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.LayerRuns;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules that a quantised checkpoint has in 16 bits, by the names that its {@code
 * quantization_config} lists: {@code llm_int8_skip_modules} of bitsandbytes, {@code
 * modules_to_not_convert} of the others.
 *
 * @param names as in the list
 */
record KeptModules(List<String> names) {

  private static final String LAYERS = "layers.";

  /** What leads to the layers of a language model, alone or in a model of several parts. */
  private static final Pattern LEADING =
      Pattern.compile("^(?:(?:model|language_model|text_model)\\.)+(?=layers\\.)");

  /** Those of a checkpoint; empty where it names none. */
  static KeptModules of(ModelConfig config) {
    return new KeptModules(
        config.nested("quantization_config").stream()
            .flatMap(
                stored ->
                    Stream.of("llm_int8_skip_modules", "modules_to_not_convert")
                        .flatMap(key -> stored.list(key).stream()))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .toList());
  }

  /** The model with what is kept marked; mixers and experts of other kinds stay as they are. */
  Architecture in(Architecture model) {
    if (names.isEmpty()) {
      return model;
    }
    return model.toBuilder()
        .layers(runs(model.layers(), LAYERS, 0, this::covers))
        .towers(model.towers().stream().map(this::tower).toList())
        .build();
  }

  /**
   * Layers with what is kept marked.
   *
   * @param list the path of their list, with a point behind it
   * @param first number of the first of them
   * @param kept whether a module is, by its path
   */
  private static List<LayerRun> runs(
      List<LayerRun> runs, String list, int first, Predicate<String> kept) {
    List<DecoderLayer> layers = new ArrayList<>();
    for (LayerRun run : runs) {
      for (int i = 0; i < run.layerCount(); i++) {
        String path = list + (first + layers.size()) + ".";
        layers.add(layer(run.period().get(i % run.period().size()), path, kept));
      }
    }
    return LayerRuns.compress(layers);
  }

  /** Layers of a tower, whose list is at the whole path. */
  List<LayerRun> inTower(List<LayerRun> runs, String list, int first) {
    return runs(runs, list, first, module -> reaches(names.stream(), module));
  }

  private static DecoderLayer layer(DecoderLayer layer, String path, Predicate<String> kept) {
    UnaryOperator<Linear> marked =
        linear -> kept.test(path + linear.name()) ? linear.inSixteenBits() : linear;
    return layer.toBuilder()
        .mixer(mixer(layer.mixer(), marked))
        .mlp(mlp(layer.mlp(), marked))
        .build();
  }

  private static TokenMixer mixer(TokenMixer mixer, UnaryOperator<Linear> marked) {
    if (mixer instanceof PatchAttention patches) {
      return patches.with(all(patches.qkv(), marked), marked.apply(patches.output()));
    }
    return mixer instanceof Attention attention
        ? attention.toBuilder()
            .qkv(all(attention.qkv(), marked))
            .output(marked.apply(attention.output()))
            .build()
        : mixer;
  }

  private static Mlp mlp(Mlp mlp, UnaryOperator<Linear> marked) {
    if (mlp instanceof GatedMlp gated) {
      return gated.with(all(gated.gateUp(), marked), marked.apply(gated.down()));
    }
    return mlp instanceof PlainMlp plain
        ? plain.with(marked.apply(plain.up()), marked.apply(plain.down()))
        : mlp;
  }

  private Tower tower(Tower tower) {
    KeptEncoder encoders = new KeptEncoder(this);
    return new Tower(
        tower.name(),
        inTower(tower.linears()),
        tower.others(),
        tower.encoder().map(encoders::in),
        tower.units(),
        tower.tables(),
        tower.words().map(this::words));
  }

  private Tower.Words words(Tower.Words words) {
    return new Tower.Words(words.table(), words.norm(), inTower(words.linear()), words.after());
  }

  /** Linears of a tower, by their whole paths, with those marked that are kept. */
  List<Linear> inTower(List<Linear> linears) {
    return linears.stream().map(this::inTower).toList();
  }

  Linear inTower(Linear linear) {
    return reaches(names.stream(), linear.name()) ? linear.inSixteenBits() : linear;
  }

  private static List<Linear> all(List<Linear> linears, UnaryOperator<Linear> marked) {
    return linears.stream().map(marked).toList();
  }

  /**
   * Whether a name of the list reaches a module of the language model, whose path begins at its
   * layers: what leads to them differs between versions. A name of another part of the model is
   * left whole, and so reaches none.
   */
  boolean covers(String module) {
    return reaches(names.stream().map(name -> LEADING.matcher(name).replaceFirst("")), module);
  }

  /**
   * Whether a name is the module, one that it is in, or its end
   * (transformers/quantizers/quantizers_utils.py should_convert_module).
   */
  private static boolean reaches(Stream<String> names, String module) {
    return names.anyMatch(
        name ->
            module.equals(name)
                || ("." + module).contains("." + name + ".")
                || module.endsWith("." + name));
  }
}
