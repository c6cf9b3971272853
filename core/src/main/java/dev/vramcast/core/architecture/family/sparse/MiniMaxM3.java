package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.BlockChoice;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** MiniMax M3's language model: blocks of keys that an indexer chooses, a clamped SwiGLU. */
public final class MiniMaxM3 {

  private static final Norm.Type NORM = Norm.Type.RMS_ONE_PLUS_WEIGHT;
  private static final String ATTENTION = "self_attn.";
  private static final String SPARSE = "minimax_m3_sparse";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .concatenatesRotary(Versions.ALL)
          .bareRouter(Versions.ALL)
          .fp32Sigmoid()
          .sharedFirst(Versions.ALL)
          .scalesExperts()
          .classes("MiniMaxM3VL")
          .classHeads(Versions.NONE)
          .build();

  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_size", 6144),
          Map.entry("intermediate_size", 3072),
          Map.entry("dense_intermediate_size", 12_288),
          Map.entry("shared_intermediate_size", 3072),
          Map.entry("num_hidden_layers", 60),
          Map.entry("num_attention_heads", 64),
          Map.entry("num_key_value_heads", 4),
          Map.entry("head_dim", 128),
          Map.entry("num_local_experts", 128),
          Map.entry("num_experts_per_tok", 4),
          Map.entry("vocab_size", 200_064),
          Map.entry("index_n_heads", 4),
          Map.entry("index_head_dim", 128),
          Map.entry("index_block_size", 128),
          Map.entry("index_topk_blocks", 16));

  /** Names in {@code sparse_attention_config} of published configs. */
  private static final Map<String, String> PUBLISHED =
      Map.of(
          "sparse_num_index_heads", "index_n_heads",
          "sparse_index_dim", "index_head_dim",
          "sparse_block_size", "index_block_size",
          "sparse_topk_blocks", "index_topk_blocks");

  private MiniMaxM3() {}

  public static Architecture text(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(withPublished(given), DEFAULTS);
    Shape shape = Shape.of(config, 128);
    Attention plain =
        Llama.attention(config, shape)
            .headNorms(NORM, "q_norm", "k_norm")
            .rotary(Rotary.Style.HALF, LayerTypes.rotaryDimensions(config, shape.headSize(), 1))
            .build();
    Attention sparse = plain.toBuilder().blocks(choice(config, shape)).build();
    IntFunction<String> mixers =
        LayerTypes.of(config, shape.layers(), layer -> chosen(config, layer) ? SPARSE : "full");
    IntFunction<String> mlps =
        LayerTypes.of(
            config,
            "mlp_layer_types",
            shape.layers(),
            layer -> flag(config.list("moe_layer_freq"), layer, true) ? "sparse" : "dense");
    Mlp dense = gated("mlp", shape, config.size("dense_intermediate_size"));
    Mlp experts = experts(config, shape);
    return new DecoderBuilder(config, shape)
        .norm(NORM)
        .mixer(layer -> mixers.apply(layer).equals(SPARSE) ? sparse : plain)
        .mlp(layer -> mlps.apply(layer).equals("sparse") ? experts : dense)
        .traits(TRAITS)
        .build();
  }

  private static ModelConfig withPublished(ModelConfig given) {
    Optional<ModelConfig> nested = given.nested("sparse_attention_config");
    if (nested.isEmpty()) {
      return given;
    }
    Map<String, Object> values = new HashMap<>(given.values());
    PUBLISHED.forEach(
        (from, to) -> {
          Object value = nested.get().values().get(from);
          if (value != null) {
            values.put(to, value);
          }
        });
    return new ModelConfig(given.place(), values);
  }

  private static boolean chosen(ModelConfig config, int layer) {
    return config
        .nested("sparse_attention_config")
        .map(sparse -> flag(sparse.list("sparse_attention_freq"), layer, false))
        .orElse(false);
  }

  /** Whether an element of a list of zeros and ones is one. */
  private static boolean flag(List<?> flags, int layer, boolean absent) {
    return layer < flags.size()
        ? flags.get(layer) instanceof Number number && number.intValue() != 0
        : absent;
  }

  private static BlockChoice choice(ModelConfig config, Shape shape) {
    int heads = Math.toIntExact(config.size("index_n_heads"));
    int size = Math.toIntExact(config.size("index_head_dim"));
    Shape.divides(config, heads, "index_n_heads", shape.heads(), "attention heads");
    String path = ATTENTION + "indexer.";
    return new BlockChoice(
        heads,
        size,
        Math.toIntExact(config.size("index_block_size")),
        config.size("index_topk_blocks"),
        new Linear(path + "q_proj", shape.hidden(), (long) heads * size, false),
        new Linear(path + "k_proj", shape.hidden(), size, false),
        new Norm(path + "q_norm", NORM, size, true, false),
        new Norm(path + "k_norm", NORM, size, true, false));
  }

  private static Mlp experts(ModelConfig config, Shape shape) {
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("intermediate_size"),
            "num_local_experts",
            "num_experts_per_tok")
        .balanced()
        .scoring(Scoring.SIGMOID)
        .activation(Activation.CLAMPED_SWIGLU)
        .shared(gated("mlp.shared_experts", shape, config.size("shared_intermediate_size")))
        .build();
  }

  private static GatedMlp gated(String path, Shape shape, long inner) {
    return new GatedMlp(
        List.of(new Linear(path + ".gate_up_proj", shape.hidden(), 2 * inner, false)),
        new Linear(path + ".down_proj", inner, shape.hidden(), false),
        Activation.CLAMPED_SWIGLU);
  }
}
