package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Gemma 1 to 3: scaled and tied embeddings, norms that multiply by one plus the weight. */
public final class Gemma {

  private static final int HEAD_SIZE = 256;

  /** GemmaTextScaledWordEmbedding; before, the model scaled what the embedding gave. */
  private static final Versions SCALED_EMBEDDING = Versions.since(5, 2);

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .tablesByLayer(Versions.until(4, 48))
          .scalesInEmbedding(SCALED_EMBEDDING)
          .liger(LigerTraits.ALL)
          .build();
  private static final ModelTraits TRAITS_2 =
      ModelTraits.builder()
          .tablesByLayer(Versions.until(4, 48))
          .scalesInEmbedding(SCALED_EMBEDDING)
          .alwaysMasks(Versions.until(4, 53))
          .liger(LigerTraits.ALL.apart())
          .build();
  private static final ModelTraits VAULT_TRAITS =
      ModelTraits.builder()
          .eagerOnly()
          .scalesInEmbedding(SCALED_EMBEDDING)
          .classes("VaultGemma")
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits TRAITS_3 =
      ModelTraits.builder()
          .tablesByType(Versions.ALL)
          .scalesInEmbedding(Versions.ALL)
          .alwaysMasks(Versions.until(4, 53))
          .rewrittenAttention()
          .liger(LigerTraits.ALL.apart())
          .classHeads(Versions.since(4, 57), Versions.NONE)
          .build();

  private Gemma() {}

  public static Architecture gemma(ModelConfig config) {
    Shape shape = Shape.of(config, HEAD_SIZE);
    boolean bias = config.flag("attention_bias", false);
    return decoder(config, shape, activation(config, "hidden_act"))
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .traits(TRAITS)
        .build();
  }

  public static Architecture gemma2(ModelConfig config) {
    Shape shape = Shape.of(config, HEAD_SIZE);
    return capped(config, shape, sandwiched(config, shape)).traits(TRAITS_2).build();
  }

  /** VaultGemma: Gemma 2 without the norms after attention and MLP. */
  public static Architecture vaultGemma(ModelConfig config) {
    Shape shape = Shape.of(config, HEAD_SIZE);
    return capped(
            config,
            shape,
            decoder(config, shape, activation(config, "hidden_activation"))
                .preNorms("input_layernorm", "pre_feedforward_layernorm"))
        .traits(VAULT_TRAITS)
        .build();
  }

  private static DecoderBuilder capped(ModelConfig config, Shape shape, DecoderBuilder decoder) {
    boolean bias = config.flag("attention_bias", false);
    double softcap = softcap(config, "attn_logit_softcapping", 50);
    IntUnaryOperator windows = windows(config, shape, LayerTypes.butEvery(2));
    return decoder
        .head(head -> head.softcap(softcap(config, "final_logit_softcapping", 30)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .softcap(softcap)
                    .window(windows.applyAsInt(layer))
                    .build());
  }

  public static Architecture gemma3(ModelConfig config) {
    Shape shape = Shape.of(config, HEAD_SIZE);
    boolean bias = config.flag("attention_bias", false);
    double softcap = softcap(config, "attn_logit_softcapping", 0);
    IntUnaryOperator windows =
        windows(config, shape, LayerTypes.butEvery(config.size("sliding_window_pattern", 6)));
    return sandwiched(config, shape)
        .head(head -> head.softcap(softcap(config, "final_logit_softcapping", 0)))
        .traits(TRAITS_3)
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .headNorms(Norm.Type.RMS_ONE_PLUS_WEIGHT, "q_norm", "k_norm")
                    .softcap(softcap)
                    .window(windows.applyAsInt(layer))
                    .build())
        .build();
  }

  /** Norms before and after attention and MLP. */
  private static DecoderBuilder sandwiched(ModelConfig config, Shape shape) {
    return decoder(config, shape, activation(config, "hidden_activation"))
        .preNorms("input_layernorm", "pre_feedforward_layernorm")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm");
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape, Activation activation) {
    long intermediate = config.size("intermediate_size");
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_ONE_PLUS_WEIGHT)
        .scaledEmbedding()
        .head(HeadBuilder::tiedByDefault)
        .mlp(() -> Mlps.gated("mlp", shape.hidden(), intermediate, false, activation));
  }

  private static Activation activation(ModelConfig config, String key) {
    return Mlps.activation(config, key, "gelu_pytorch_tanh");
  }

  private static IntUnaryOperator windows(ModelConfig config, Shape shape, IntPredicate sliding) {
    return LayerTypes.windows(config, shape.layers(), LayerTypes.window(config, 4096), sliding);
  }

  /** A cap: its default when absent, none when null. */
  private static double softcap(ModelConfig config, String key, double fallback) {
    return config.number(key, config.values().containsKey(key) ? 0 : fallback);
  }
}
