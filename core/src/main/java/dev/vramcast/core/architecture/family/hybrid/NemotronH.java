package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mamba2Builder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nemotron-H and Nemotron 3: each layer is a mixer or an MLP. */
public final class NemotronH {

  private static final String BLOCK = "mixer";
  private static final Map<String, Character> KINDS =
      Map.of(
          "mamba", 'M',
          "linear_attention", 'M',
          "attention", '*',
          "full_attention", '*',
          "moe", 'E',
          "mlp", '-');

  private static final ModelTraits TRAITS =
      DeepSeek.traits()
          .recurrent(RecurrentPath.KERNELS)
          .refusesTargets(Versions.since(0, 20), "out_proj")
          .layerClass("Block")
          .mixtureClass("MoE")
          .classHeads(Versions.NONE)
          .build();

  private NemotronH() {}

  public static Architecture nemotronH(ModelConfig config) {
    String pattern = pattern(config);
    Shape shape = shape(config, pattern.length());
    boolean bias = config.flag("attention_bias", false);
    TokenMixer attention =
        Llama.attention(config, shape)
            .path(BLOCK)
            .bias(bias, bias)
            .rotary(Rotary.Style.NONE)
            .build();
    TokenMixer mamba = mamba(config, shape.hidden());
    Mlp plain = pattern.indexOf('-') < 0 ? new NoMlp() : mlp(config, shape);
    Mlp experts = pattern.indexOf('E') < 0 ? new NoMlp() : experts(config, shape);
    Optional<Long> latent = config.optionalSize("moe_latent_size");
    LayerExtras projections =
        latent
            .map(size -> latentProjections(config, shape.hidden(), size))
            .map(linears -> LayerExtras.NONE.others(linears, List.of()))
            .orElse(LayerExtras.NONE);
    return new DecoderBuilder(config, shape)
        .paths("backbone.embeddings", "backbone.layers", "backbone.norm_f", "lm_head")
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .preNorms(
            layer -> isMixer(pattern, layer) ? "norm" : "",
            layer -> isMixer(pattern, layer) ? "" : "norm")
        .head(HeadBuilder::neverTied)
        .traits(TRAITS)
        .mixer(
            layer ->
                switch (pattern.charAt(layer)) {
                  case 'M' -> mamba;
                  case '*' -> attention;
                  default -> new NoMixer();
                })
        .mlp(
            layer ->
                switch (pattern.charAt(layer)) {
                  case '-' -> plain;
                  case 'E' -> experts;
                  default -> new NoMlp();
                })
        .layerExtras(layer -> pattern.charAt(layer) == 'E' ? projections : LayerExtras.NONE)
        .build();
  }

  private static boolean isMixer(String pattern, int layer) {
    return pattern.charAt(layer) == 'M' || pattern.charAt(layer) == '*';
  }

  /** One letter a layer: M, *, E or -. */
  private static String pattern(ModelConfig config) {
    String text = config.text("hybrid_override_pattern", "");
    if (text.isEmpty()) {
      StringBuilder letters = new StringBuilder();
      for (Object type : config.list(Keys.present(config, "layers_block_type", "layer_types"))) {
        letters.append(KINDS.getOrDefault(String.valueOf(type), '?'));
      }
      text = letters.toString();
    }
    if (text.isEmpty() || text.length() > 10_000 || !text.matches("[M*E-]+")) {
      throw config
          .about("hybrid_override_pattern")
          .is(text)
          .allowed("one of M, *, E and - for each layer")
          .refusal();
    }
    return text;
  }

  private static Shape shape(ModelConfig config, int layers) {
    int heads = Shape.heads(config, "num_attention_heads");
    int kvHeads =
        config.optionalSize("num_key_value_heads").isPresent()
            ? Shape.heads(config, "num_key_value_heads")
            : heads;
    String headKey = Keys.present(config, "head_dim", "attention_head_dim");
    return Shape.of(
        config,
        config.size("hidden_size"),
        heads,
        kvHeads,
        Math.toIntExact(config.size(headKey, 128)),
        layers,
        config.size("vocab_size"));
  }

  private static TokenMixer mamba(ModelConfig config, long hidden) {
    int heads = Math.toIntExact(config.size("mamba_num_heads", 128));
    long inner = heads * config.size("mamba_head_dim", 64);
    return new Mamba2Builder(BLOCK, hidden, inner, heads)
        .groups(config.size(Keys.present(config, "n_groups", "mamba_n_groups"), 8))
        .state(config.size("ssm_state_size", 128))
        .kernel(config.size(Keys.present(config, "conv_kernel", "mamba_d_conv"), 4))
        .chunk(config.size("chunk_size", 128))
        .bias(config.flag("use_conv_bias", true), config.flag("mamba_proj_bias", false))
        .build();
  }

  private static Mlp mlp(ModelConfig config, Shape shape) {
    return Mlps.plain(
        BLOCK + ".up_proj",
        BLOCK + ".down_proj",
        shape.hidden(),
        config.size("intermediate_size"),
        config.flag("mlp_bias", false),
        activation(config));
  }

  private static Mlp experts(ModelConfig config, Shape shape) {
    long shared = config.size("moe_shared_expert_intermediate_size");
    boolean bias = config.flag("mlp_bias", false);
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("moe_intermediate_size"),
            "n_routed_experts",
            "num_experts_per_tok")
        .block(BLOCK)
        .expertHidden(config.size("moe_latent_size", shape.hidden()))
        .ungated("up_proj", "down_proj")
        .scoring(Scoring.SIGMOID)
        .activation(activation(config))
        .shared(
            new GatedMlp(
                List.of(
                    new Linear(BLOCK + ".shared_experts.up_proj", shape.hidden(), shared, bias)),
                new Linear(BLOCK + ".shared_experts.down_proj", shared, shape.hidden(), bias),
                activation(config)))
        .build();
  }

  private static List<Linear> latentProjections(ModelConfig config, long hidden, long latent) {
    boolean bias = config.flag("mlp_bias", false);
    return List.of(
        new Linear(BLOCK + ".fc1_latent_proj", hidden, latent, bias),
        new Linear(BLOCK + ".fc2_latent_proj", latent, hidden, bias));
  }

  private static Activation activation(ModelConfig config) {
    return Mlps.activation(config, "mlp_hidden_act", "relu2");
  }
}
