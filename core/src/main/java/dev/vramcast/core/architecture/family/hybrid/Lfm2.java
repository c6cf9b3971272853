package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** LFM2: short convolutions, attention in some layers. */
public final class Lfm2 {

  private static final String BLOCK = "feed_forward";

  private static final ModelTraits TRAITS = ModelTraits.builder().classHeads(Versions.NONE).build();
  private static final ModelTraits MOE_TRAITS =
      ModelTraits.builder().bareRouter(Versions.since(5, 16)).classHeads(Versions.NONE).build();

  private Lfm2() {}

  public static Architecture lfm2(ModelConfig config) {
    Shape shape = Shape.of(config);
    Mlp mlp = mlp(shape, adjusted(config));
    return decoder(config, shape).mlp(layer -> mlp).traits(TRAITS).build();
  }

  /** Experts in all layers but the first {@code num_dense_layers}. */
  public static Architecture lfm2Moe(ModelConfig config) {
    Shape shape = Shape.of(config);
    Mlp dense = mlp(shape, config.size("intermediate_size"));
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("moe_intermediate_size"),
                "num_experts",
                config.size("num_experts_per_tok", 4))
            .block(BLOCK)
            .scoring(Scoring.SIGMOID_MADE_WIDE)
            .names("w1", "w3", "w2")
            .build();
    long first = config.count("num_dense_layers", 2);
    return decoder(config, shape)
        .mlp(layer -> layer < first ? dense : experts)
        .traits(MOE_TRAITS)
        .build();
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    List<?> attentionLayers = config.list("full_attn_idxs");
    IntFunction<String> types =
        LayerTypes.of(
            config,
            shape.layers(),
            layer ->
                attentionLayers.isEmpty()
                        || attentionLayers.stream()
                            .anyMatch(each -> String.valueOf(each).equals("" + layer))
                    ? "full_attention"
                    : "conv");
    RecurrentMixer convolution = convolution(config, shape, 3);
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.embedding_norm", "lm_head")
        .preNorms("operator_norm", "ffn_norm")
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            layer ->
                types.apply(layer).equals("full_attention")
                    ? Llama.attention(config, shape)
                        .outputName("out_proj")
                        .headNorms(Norm.Type.RMS, "q_layernorm", "k_layernorm")
                        .build()
                    : convolution);
  }

  /**
   * A short convolution.
   *
   * @param kernel tokens that it sees by default
   */
  static RecurrentMixer convolution(ModelConfig config, Shape shape, long kernel) {
    long hidden = shape.hidden();
    boolean bias = config.flag("conv_bias", false);
    List<ParameterTensor> others = new ArrayList<>();
    others.add(
        new ParameterTensor(
            "conv.conv.weight",
            List.of(hidden, 1L, config.size("conv_L_cache", kernel)),
            TensorGroup.ATTENTION));
    if (bias) {
      others.add(new ParameterTensor("conv.conv.bias", List.of(hidden), TensorGroup.ATTENTION));
    }
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.SHORT_CONVOLUTION)
        .heads(1)
        .headSize(Math.toIntExact(hidden))
        .innerSize(hidden)
        .stateStreams(2 * hidden)
        .input(List.of(new Linear("conv.in_proj", hidden, 3 * hidden, bias)))
        .output(new Linear("conv.out_proj", hidden, hidden, bias))
        .others(others)
        .build();
  }

  /** The intermediate size: two thirds, rounded up, unless the config says it is final. */
  private static long adjusted(ModelConfig config) {
    long size = Keys.size(config, "block_ff_dim", "intermediate_size");
    if (!config.flag("block_auto_adjust_ff_dim", true)) {
      return size;
    }
    long twoThirds = 2 * size / 3;
    long scaled = (long) (config.number("block_ffn_dim_multiplier", 1) * twoThirds);
    long multiple = config.size("block_multiple_of", 256);
    return multiple * ((scaled + multiple - 1) / multiple);
  }

  static GatedMlp mlp(Shape shape, long intermediate) {
    return Mlps.gated(
        BLOCK, "w1", "w3", "w2", shape.hidden(), intermediate, false, Activation.SILU);
  }
}
