package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Gating;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Step 3.7's language model: more heads in windows, a gate for each, experts that are clamped. */
public final class Step {

  private static final Norm.Type NORM = Norm.Type.RMS_ONE_PLUS_WEIGHT;
  private static final String SLIDING = "sliding_attention";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .concatenatesRotary(Versions.ALL)
          .tablesByType(Versions.ALL)
          .bareRouter(Versions.ALL)
          .fp32Sigmoid()
          .sharedFirst(Versions.ALL)
          .scalesExperts()
          .slicedExperts(Versions.NONE)
          .classes("Step3p7")
          .classHeads(Versions.NONE)
          .build();

  /** {@code Step3p7TextConfig} of Transformers 5.24. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("vocab_size", 128_815),
          Map.entry("hidden_size", 4096),
          Map.entry("intermediate_size", 11_264),
          Map.entry("num_hidden_layers", 45),
          Map.entry("num_attention_heads", 64),
          Map.entry("num_key_value_heads", 8),
          Map.entry("head_dim", 128),
          Map.entry("n_routed_experts", 288),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("moe_intermediate_size", 1280),
          Map.entry("share_expert_dim", 1280));

  /** Names in published configs. */
  private static final Map<String, String> PUBLISHED =
      Map.of(
          "num_attention_groups", "num_key_value_heads",
          "moe_num_experts", "n_routed_experts",
          "num_local_experts", "n_routed_experts",
          "moe_top_k", "num_experts_per_tok",
          "share_expert_dims", "share_expert_dim");

  private Step() {}

  public static Architecture text(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(Keys.renamed(given, PUBLISHED), DEFAULTS);
    Shape shape = Shape.of(config, 128);
    IntFunction<String> types = LayerTypes.of(config, shape.layers(), layer -> "full_attention");
    IntFunction<String> mlps =
        LayerTypes.of(
            config,
            "mlp_layer_types",
            shape.layers(),
            layer -> withExperts(config).test(layer) ? "sparse" : "dense");
    Mlp dense = gated("mlp", shape, config.size("intermediate_size"));
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("moe_intermediate_size"),
                "n_routed_experts",
                "num_experts_per_tok")
            .scoring(Scoring.SIGMOID)
            .fused("experts.gate_up_proj", "experts.down_proj")
            .activation(Activation.SILU_CLAMPED)
            .shared(gated("mlp.shared_experts", shape, config.size("share_expert_dim")))
            .build();
    return new DecoderBuilder(config, shape)
        .norm(NORM)
        .mixer(layer -> attention(config, shape, layer, types.apply(layer).equals(SLIDING)))
        .mlp(layer -> mlps.apply(layer).equals("sparse") ? experts : dense)
        .traits(TRAITS)
        .build();
  }

  private static Attention attention(ModelConfig config, Shape shape, int layer, boolean slides) {
    Shape own = slides ? shape.withHeads(config, slidingHeads(config, shape)) : shape;
    boolean bias = config.flag("attention_bias", false);
    int rotated = (int) (share(config, layer, slides) * shape.headSize());
    return Llama.attention(config, own)
        .bias(bias, bias)
        .headNorms(NORM, "q_norm", "k_norm")
        .rotary(Rotary.Style.HALF, rotated)
        .gate("g_proj", own.heads(), Gating.SIGMOID_OF_FIRST)
        .window(slides ? LayerTypes.window(config, 0) : 0)
        .build();
  }

  /** {@code num_sliding_attention_heads}, or what published configs say of other layers. */
  private static int slidingHeads(ModelConfig config, Shape shape) {
    long published =
        config
            .nested("attention_other_setting")
            .map(other -> other.size("num_attention_heads", shape.heads()))
            .orElse((long) shape.heads());
    return Math.toIntExact(config.size("num_sliding_attention_heads", published));
  }

  /** The share of a head that turns: by layer in published configs, by kind of layer since. */
  private static double share(ModelConfig config, int layer, boolean slides) {
    List<?> byLayer = config.list("partial_rotary_factors");
    if (layer < byLayer.size() && byLayer.get(layer) instanceof Number number) {
      return number.doubleValue();
    }
    return config
        .nested("rope_parameters")
        .flatMap(rope -> rope.nested(slides ? SLIDING : "full_attention"))
        .map(rope -> rope.number("partial_rotary_factor", 1))
        .orElse(1.0);
  }

  /** {@code moe_layers_enum}, a list or its text; else all but the first three. */
  private static IntPredicate withExperts(ModelConfig config) {
    Object listed = config.values().get("moe_layers_enum");
    if (listed == null) {
      return layer -> layer >= 3;
    }
    Set<String> layers =
        listed instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.toSet())
            : Arrays.stream(String.valueOf(listed).split(",", -1))
                .map(String::strip)
                .collect(Collectors.toSet());
    return layer -> layers.contains(String.valueOf(layer));
  }

  private static GatedMlp gated(String path, Shape shape, long inner) {
    return Mlps.gated(path, shape.hidden(), inner, false, Activation.SILU_CLAMPED);
  }
}
