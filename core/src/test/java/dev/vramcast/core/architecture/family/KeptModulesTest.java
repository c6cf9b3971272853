package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptModulesTest {

  private static final String DYNAMIC =
      "llama small num_hidden_layers=6 quantization_config={ llm_int8_skip_modules=[ lm_head merger"
          + " model.layers.1.mlp model.layers.2.mlp model.layers.4.self_attn.o_proj ] }";

  @Test
  void modules_that_a_checkpoint_names_stay_in_sixteen_bits_and_the_others_do_not() {
    List<DecoderLayer> layers = layers(Configs.read(DYNAMIC));

    assertThat(layers.get(0)).isEqualTo(layers.get(3)).isEqualTo(layers.get(5));
    assertThat(kept(layers.get(0))).isEmpty();
    assertThat(kept(layers.get(1)))
        .containsExactly("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj");
    assertThat(layers.get(2)).isEqualTo(layers.get(1));
    assertThat(kept(layers.get(4))).containsExactly("self_attn.o_proj");
  }

  @Test
  void a_checkpoint_that_names_nothing_is_quantised_whole() {
    assertThat(Configs.read("llama small quantization_config={ llm_int8_skip_modules=null }"))
        .isEqualTo(Configs.read("llama small"));
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.1.mlp, layers.1.mlp.up_proj, true",
    "model.layers.1.mlp, layers.11.mlp.up_proj, false",
    "language_model.model.layers.1, layers.1.self_attn.q_proj, true",
    "model.language_model.layers.1.mlp, layers.1.mlp.up_proj, true",
    "vision_model.transformer.layers.1.mlp, layers.1.mlp.up_proj, false",
    "o_proj, layers.3.self_attn.o_proj, true",
    "self_attn, layers.3.self_attn.o_proj, true",
    "lm_head, layers.3.self_attn.o_proj, false",
    "vision_tower, model.vision_tower.blocks.0.fc1, true",
    "vision, model.vision_tower.blocks.0.fc1, false"
  })
  void a_name_is_that_of_the_module_or_of_what_it_is_in_or_its_end(
      String name, String module, boolean covered) {
    assertThat(new KeptModules(List.of(name)).covers(module)).isEqualTo(covered);
  }

  private static List<DecoderLayer> layers(Architecture model) {
    return model.layers().stream()
        .flatMap(run -> Stream.generate(run::period).limit(run.times()).flatMap(List::stream))
        .toList();
  }

  private static List<String> kept(DecoderLayer layer) {
    return Stream.concat(
            layer.mixer().linears().stream(), ((GatedMlp) layer.mlp()).linears().stream())
        .filter(Linear::kept)
        .map(Linear::name)
        .toList();
  }
}
