package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.text.Llama;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Llama 3.2 Vision: layers of cross-attention run only when there is an image. */
public final class Mllama {

  private static final long EXTRA_ROWS = 8;

  private Mllama() {}

  public static Architecture mllama(ModelConfig config) {
    ModelConfig text = Wrapper.text(config, "mllama_text_model");
    Tower cross = cross(text, "model.language_model.layers.");
    Architecture decoder = decoder(text);
    Tower vision = LlamaVision.mllama(Wrapper.part(config, "vision_config"), decoder.hiddenSize());
    return Wrapper.wrap(config, decoder, List.of(cross, vision));
  }

  /** The language model alone. */
  public static Architecture text(ModelConfig config) {
    return Wrapper.wrap(
        config, decoder(config), path -> path, List.of(cross(config, "model.layers.")));
  }

  private static Architecture decoder(ModelConfig config) {
    Map<String, Object> values = new HashMap<>(config.values());
    int layers = Shape.layers(config, "num_hidden_layers");
    values.put("num_hidden_layers", layers - crossCount(config, layers));
    ModelConfig selfOnly = new ModelConfig(config.place(), values);
    Shape shape = Shape.of(selfOnly);
    return Llama.decoder(selfOnly, shape).embeddingRows(shape.vocabulary() + EXTRA_ROWS).build();
  }

  private static int crossCount(ModelConfig config, int layers) {
    List<?> named = config.list("cross_attention_layers");
    List<?> cross = named.isEmpty() ? List.of(3, 8, 13, 18, 23, 28, 33, 38) : named;
    return (int)
        cross.stream()
            .filter(each -> each instanceof Number number && number.intValue() < layers)
            .count();
  }

  /** The layers of cross-attention, numbered after those that always run. */
  private static Tower cross(ModelConfig config, String layerPath) {
    Shape shape = Shape.of(config);
    long hidden = shape.hidden();
    long inner = config.size("intermediate_size");
    TowerBuilder tower = new TowerBuilder();
    int layers = Shape.layers(config, "num_hidden_layers");
    for (int i = layers - crossCount(config, layers); i < layers; i++) {
      String layer = layerPath + i;
      String attention = layer + ".cross_attn";
      tower
          .linear(attention + ".q_proj", hidden, shape.queryWidth(), false)
          .linear(attention + ".k_proj", hidden, shape.keyWidth(), false)
          .linear(attention + ".v_proj", hidden, shape.keyWidth(), false)
          .linear(attention + ".o_proj", shape.queryWidth(), hidden, false)
          .norm(attention + ".q_norm", shape.headSize(), false)
          .norm(attention + ".k_norm", shape.headSize(), false)
          .tensor(layer + ".cross_attn_attn_gate", 1)
          .gatedMlp(layer + ".mlp", hidden, inner, false)
          .tensor(layer + ".cross_attn_mlp_gate", 1)
          .norm(layer + ".input_layernorm", hidden, false)
          .norm(layer + ".post_attention_layernorm", hidden, false);
    }
    return tower.build("cross_attention");
  }
}
