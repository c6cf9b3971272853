package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.LayerRuns;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Llama 3.2 Vision: layers of cross-attention run only when there is an image. */
public final class Mllama {

  private static final long EXTRA_ROWS = 8;

  /** The layers that look at images, as a part that rests where there are none. */
  private static final String CROSS = "cross_attention";

  private Mllama() {}

  public static Architecture mllama(ModelConfig config) {
    ModelConfig text = Wrapper.text(config, "mllama_text_model");
    Tower cross = cross(text, "model.language_model.layers.");
    Architecture decoder = decoder(text);
    Tower vision =
        MllamaVision.tower(
            Wrapper.part(config, "vision_config"),
            decoder.hiddenSize(),
            layers(text, decoder),
            List.of(CROSS));
    return Wrapper.wrap(config, decoder, List.of(cross, vision)).reachedBy(LigerTraits.ALL);
  }

  /** The language model alone. */
  public static Architecture text(ModelConfig config) {
    return Wrapper.wrap(
            config, decoder(config), path -> path, List.of(cross(config, "model.layers.")))
        .reachedBy(LigerTraits.ALL);
  }

  private static Architecture decoder(ModelConfig config) {
    Map<String, Object> values = new HashMap<>(config.values());
    values.put("num_hidden_layers", layerCount(config) - crossing(config).size());
    ModelConfig selfOnly = new ModelConfig(config.place(), values);
    Shape shape = Shape.of(selfOnly);
    return Llama.decoder(selfOnly, shape).embeddingRows(shape.vocabulary() + EXTRA_ROWS).build();
  }

  private static int layerCount(ModelConfig config) {
    return Shape.layers(config, "num_hidden_layers");
  }

  /** Places of the layers that look at images. */
  private static List<Integer> crossing(ModelConfig config) {
    List<?> named = config.list("cross_attention_layers");
    List<?> cross = named.isEmpty() ? List.of(3, 8, 13, 18, 23, 28, 33, 38) : named;
    int layers = layerCount(config);
    return cross.stream()
        .filter(Number.class::isInstance)
        .map(each -> ((Number) each).intValue())
        .filter(each -> each < layers)
        .toList();
  }

  /** All layers in their order. */
  private static List<LayerRun> layers(ModelConfig config, Architecture decoder) {
    DecoderLayer own = decoder.layers().get(0).period().get(0);
    DecoderLayer cross = crossLayer(config);
    List<Integer> places = crossing(config);
    List<DecoderLayer> all = new ArrayList<>();
    for (int i = 0; i < layerCount(config); i++) {
      all.add(places.contains(i) ? cross : own);
    }
    return LayerRuns.compress(all);
  }

  /** transformers MllamaCrossAttentionDecoderLayer. */
  private static DecoderLayer crossLayer(ModelConfig config) {
    Shape shape = Shape.of(config);
    long hidden = shape.hidden();
    return DecoderLayer.builder()
        .wiring(DecoderLayer.Wiring.GATED)
        .mixer(
            new CrossAttention(
                shape.heads(),
                shape.kvHeads(),
                shape.headSize(),
                new CrossAttention.Projections(
                    new Linear("cross_attn.q_proj", hidden, shape.queryWidth(), false),
                    new Linear("cross_attn.k_proj", hidden, shape.keyWidth(), false),
                    new Linear("cross_attn.v_proj", hidden, shape.keyWidth(), false),
                    new Linear("cross_attn.o_proj", shape.queryWidth(), hidden, false)),
                Optional.of(VisionEncoders.rms("cross_attn.q_norm", shape.headSize())),
                Optional.of(VisionEncoders.rms("cross_attn.k_norm", shape.headSize()))))
        .mlp(
            Mlps.gated(
                "mlp",
                hidden,
                config.size("intermediate_size"),
                false,
                Mlps.activation(config, "hidden_act", "silu")))
        .beforeMixer(Optional.of(VisionEncoders.rms("input_layernorm", hidden)))
        .afterMixer(Optional.of(gate("cross_attn_attn_gate")))
        .beforeMlp(Optional.of(VisionEncoders.rms("post_attention_layernorm", hidden)))
        .afterMlp(Optional.of(gate("cross_attn_mlp_gate")))
        .build();
  }

  private static Norm gate(String name) {
    return new Norm(name, Norm.Type.GATE, 1, true, false);
  }

  /** The layers of cross-attention, numbered after those that always run. */
  private static Tower cross(ModelConfig config, String layerPath) {
    TowerBuilder tower = new TowerBuilder();
    DecoderLayer layer = crossLayer(config);
    int layers = layerCount(config);
    for (int i = layers - crossing(config).size(); i < layers; i++) {
      tower.layer(layerPath + i, layer);
    }
    return tower.build(CROSS);
  }
}
