package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** Llama's module names with layer norms: StableLM 2, StarCoder 2 and Nemotron. */
public final class StableLm {

  private static final ModelTraits STABLELM =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .ownSdpa(Versions.until(5, 0))
          .weights(Weights.USUAL.dropped(Versions.until(5, 0)))
          .rotaryLayerTables(Versions.until(4, 45))
          .tablesByLayer(Versions.until(4, 45))
          .writesLoss()
          .unusualLoss(Versions.until(5, 4))
          .holds(HeldOutput.MIXER, HeldOutput.NORMS)
          .dropoutModule(Versions.until(5, 0))
          .classes("StableLm")
          .build();

  /** From 4.48 to 4.51 the loop over Starcoder2's layers had no checkpoints. */
  private static final ModelTraits STARCODER2 =
      ModelTraits.builder()
          .repeatsBeforeFlash(Versions.until(4, 48))
          .rotaryLayerTables(Versions.until(4, 45))
          .tablesByLayer(Versions.until(4, 45))
          .upcastsInModel(Versions.until(4, 47))
          .ignoresCheckpointing(Versions.until(4, 52).andSince(4, 48))
          .callsDropout()
          .build();

  private static final ModelTraits NEMOTRON =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .ownSdpa(Versions.until(5, 16))
          .weights(Weights.USUAL.dropped(Versions.until(5, 4)))
          .layerNorm(LayerNormCode.ONE_PLUS_WEIGHT)
          .liger(new LigerTraits(false, false, false, true, false, LigerTraits.Loss.FUSED_LINEAR))
          .build();

  private static final ModelTraits JAIS2 = ModelTraits.builder().classHeads(Versions.NONE).build();

  /** PEFT has no entry for it. */
  private static final ModelTraits PERSIMMON =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .writesLoss()
          .unusualLoss(Versions.until(5, 4))
          .rotaryLayerTables(Versions.until(4, 45))
          .tablesByLayer(Versions.until(4, 45))
          .adapterTargets("query_key_value")
          .classes("Persimmon")
          .build();

  private StableLm() {}

  public static Architecture stablelm(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("use_qkv_bias", false);
    boolean norms = config.flag("qk_layernorm", false);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.25);
    DecoderBuilder decoder =
        Llama.decoder(config, shape)
            .layerNorm(true, true)
            .dropout(DecoderLayer.Dropout.ofMlp(config.number("hidden_dropout", 0)))
            .traits(STABLELM)
            .mixer(
                () -> {
                  AttentionBuilder attention =
                      Llama.attention(config, shape)
                          .bias(bias, false)
                          .rotary(Rotary.Style.HALF, rotated);
                  return norms
                      ? attention.fullNorms(Norm.Type.LAYER, "q_layernorm", "k_layernorm").build()
                      : attention.build();
                });
    return config.flag("use_parallel_residual", false)
        ? decoder.preNorms("input_layernorm", "").wiring(Wiring.PARALLEL).build()
        : decoder.build();
  }

  public static Architecture starcoder2(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("use_bias", true);
    int window = LayerTypes.window(config, 0);
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "gelu_pytorch_tanh");
    return new DecoderBuilder(config, shape)
        .layerNorm(true, true)
        .embeddingDropout(config.number("embedding_dropout", 0))
        .residualDropout(config.number("residual_dropout", 0))
        .head(HeadBuilder::tiedByDefault)
        .traits(STARCODER2)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).window(window).build())
        .mlp(
            () ->
                Mlps.plain(
                    "mlp.c_fc", "mlp.c_proj", shape.hidden(), intermediate, bias, activation))
        .build();
  }

  public static Architecture nemotron(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.5);
    return ungated(config, shape, config.flag("mlp_bias", false))
        .traits(NEMOTRON)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .rotary(Rotary.Style.HALF, rotated)
                    .build())
        .build();
  }

  /** Jais 2: Nemotron's MLP, all of each head rotated, biases everywhere. */
  public static Architecture jais2(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", true);
    return ungated(config, shape, config.flag("mlp_bias", true))
        .traits(JAIS2)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .build();
  }

  /** Persimmon: one projection for query, key and value, and norms of each head. */
  public static Architecture persimmon(ModelConfig config) {
    Shape shape = Shape.of(config);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.5);
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "relu2");
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head")
        .layerNorm(true, true)
        .dropout(DecoderLayer.Dropout.ofMlp(config.number("hidden_dropout", 0)))
        .traits(PERSIMMON)
        .mixer(() -> persimmonAttention(config, shape, rotated))
        .mlp(
            () ->
                Mlps.plain(
                    "mlp.dense_h_to_4h",
                    "mlp.dense_4h_to_h",
                    shape.hidden(),
                    intermediate,
                    true,
                    activation))
        .build();
  }

  private static Attention persimmonAttention(ModelConfig config, Shape shape, int rotated) {
    AttentionBuilder attention =
        Llama.attention(config, shape)
            .names("query_key_value")
            .outputName("dense")
            .bias(true, true)
            .rotary(Rotary.Style.HALF, rotated);
    return config.flag("qk_layernorm", true)
        ? attention.headNorms(Norm.Type.LAYER, "q_layernorm", "k_layernorm").build()
        : attention.build();
  }

  /** Layer norms, and an MLP of two projections with a squared ReLU between them. */
  private static DecoderBuilder ungated(ModelConfig config, Shape shape, boolean bias) {
    return Llama.ungated(config, shape, bias, "relu2").layerNorm(true, true);
  }
}
