package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.LayerRuns;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.ArrayList;
import java.util.List;
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
    List<DecoderLayer> layers = new ArrayList<>();
    for (LayerRun run : model.layers()) {
      for (int i = 0; i < run.layerCount(); i++) {
        layers.add(layer(run.period().get(i % run.period().size()), layers.size()));
      }
    }
    return model.toBuilder()
        .layers(LayerRuns.compress(layers))
        .towers(model.towers().stream().map(this::tower).toList())
        .build();
  }

  private DecoderLayer layer(DecoderLayer layer, int number) {
    String path = LAYERS + number + ".";
    return layer.toBuilder().mixer(mixer(layer.mixer(), path)).mlp(mlp(layer.mlp(), path)).build();
  }

  private TokenMixer mixer(TokenMixer mixer, String path) {
    return mixer instanceof Attention attention
        ? attention.toBuilder()
            .qkv(all(attention.qkv(), path))
            .output(one(attention.output(), path))
            .build()
        : mixer;
  }

  private Mlp mlp(Mlp mlp, String path) {
    if (mlp instanceof GatedMlp gated) {
      return gated.with(all(gated.gateUp(), path), one(gated.down(), path));
    }
    return mlp instanceof PlainMlp plain
        ? plain.with(one(plain.up(), path), one(plain.down(), path))
        : mlp;
  }

  private Tower tower(Tower tower) {
    List<Linear> linears =
        tower.linears().stream()
            .map(each -> reaches(names.stream(), each.name()) ? each.inSixteenBits() : each)
            .toList();
    return new Tower(tower.name(), linears, tower.others(), tower.encoder(), tower.unsplit());
  }

  private List<Linear> all(List<Linear> linears, String path) {
    return linears.stream().map(linear -> one(linear, path)).toList();
  }

  private Linear one(Linear linear, String path) {
    return covers(path + linear.name()) ? linear.inSixteenBits() : linear;
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
