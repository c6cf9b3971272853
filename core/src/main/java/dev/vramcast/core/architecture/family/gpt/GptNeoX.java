package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;

/** Megatron's module names: GPT-NeoX (Pythia), Bloom and Falcon. */
public final class GptNeoX {

  private static final String FUSED = "query_key_value";
  private static final String UP = "mlp.dense_h_to_4h";
  private static final String DOWN = "mlp.dense_4h_to_h";

  private static final ModelTraits NEOX =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.until(4, 49))
          .unusualLoss(Versions.until(5, 14))
          .slicesHidden(Versions.since(4, 49))
          .rotaryLayerTables(Versions.until(4, 45))
          .tablesByLayer(Versions.until(4, 45))
          .layerMasks(Versions.until(4, 49))
          .adapterTargets(FUSED)
          .classes("GPTNeoX")
          .layerClass("Layer")
          .renames(5, 14, "embed_out", "lm_head")
          .build();
  private static final ModelTraits BLOOM =
      ModelTraits.builder()
          .eagerOnly()
          .masksLikeTable(Versions.ALL)
          .weights(Gpt.WEIGHTS)
          .dropoutModule(Versions.ALL)
          .callsDropout()
          .writesLoss()
          .unusualLoss(Versions.ALL)
          .slicesHidden(Versions.NONE)
          .adapterTargets(FUSED)
          .layerClass("Block")
          .build();

  private GptNeoX() {}

  /** From 5.15 a mask is built even where SDPA needs none; no linear is an {@code nn.Linear}. */
  private static ModelTraits falconTraits(boolean grouped, boolean multiQuery, boolean alibi) {
    ModelTraitsBuilder traits =
        ModelTraits.builder()
            .writesLoss()
            .unusualLoss(Versions.ALL)
            .slicesHidden(Versions.since(4, 48))
            .rotaryLayerTables(Versions.until(4, 45))
            .tablesByLayer(Versions.until(4, 45))
            .additiveMasks(Versions.until(5, 2))
            .alwaysMasks(Versions.since(5, 15))
            .weights(Gpt.WEIGHTS.softmax(Softmax.OWN))
            .ownLinears()
            .dropoutModule(Versions.ALL)
            .callsDropout()
            .holds(HeldOutput.MIXER, HeldOutput.NORMS)
            .adapterTargets(FUSED);
    if (grouped) {
      traits.sharing(HeadSharing.SPLIT);
    } else if (multiQuery) {
      traits.sharing(HeadSharing.BROADCAST);
    }
    return (alibi ? traits.masksByHead() : traits).build();
  }

  public static Architecture gptNeoX(ModelConfig config) {
    Shape shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 2048));
    boolean bias = config.flag("attention_bias", true);
    double dropout = config.number("hidden_dropout", 0);
    int rotated =
        LayerTypes.rotaryDimensions(config, shape.headSize(), config.number("rotary_pct", 0.25));
    long intermediate = config.size("intermediate_size");
    Mlp mlp =
        Mlps.plain(
            UP,
            DOWN,
            shape.hidden(),
            intermediate,
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    return new DecoderBuilder(config, shape)
        .paths("gpt_neox.embed_in", "gpt_neox.layers", "gpt_neox.final_layer_norm", "embed_out")
        .layerNorm(true, true)
        .wiring(config.flag("use_parallel_residual", true) ? Wiring.PARALLEL : Wiring.SEQUENTIAL)
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .traits(NEOX)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .path("attention")
                    .names(FUSED)
                    .outputName("dense")
                    .bias(bias, bias)
                    .rotary(Rotary.Style.HALF, rotated)
                    .build())
        .mlp(layer -> mlp)
        .build();
  }

  public static Architecture bloom(ModelConfig config) {
    long hidden = Keys.size(config, "hidden_size", "n_embed");
    int heads = Shape.heads(config, Keys.present(config, "n_head", "num_attention_heads"));
    int layers = Shape.layers(config, Keys.present(config, "n_layer", "num_hidden_layers"));
    Shape shape = Shape.of(config, hidden, heads, heads, 0, layers, config.size("vocab_size"));
    Mlp mlp = Mlps.plain(UP, DOWN, hidden, 4 * hidden, true, Activation.GELU_FUNCTION);
    return decoder(config, shape)
        .embeddingNorm("transformer.word_embeddings_layernorm")
        .traits(BLOOM)
        .mixer(() -> attention(config, shape, true, Rotary.Style.NONE))
        .mlp(layer -> mlp)
        .build();
  }

  /** Falcon: 1b sequential, 7b parallel after one norm, 40b parallel after two. */
  public static Architecture falcon(ModelConfig config) {
    boolean grouped = config.flag("new_decoder_architecture", false);
    Shape shape = falconShape(config, grouped);
    boolean bias = config.flag("bias", false);
    boolean parallel = grouped || config.flag("parallel_attn", true);
    boolean twoNorms = grouped && config.size("num_ln_in_parallel_attn", 2) == 2;
    boolean alibi = config.flag("alibi", false);
    Rotary.Style rotary = alibi ? Rotary.Style.NONE : Rotary.Style.HALF;
    Mlp mlp =
        Mlps.plain(
            UP,
            DOWN,
            shape.hidden(),
            config.size("ffn_hidden_size", 4 * shape.hidden()),
            bias,
            Mlps.activation(config, "activation", "gelu"));
    DecoderBuilder decoder =
        decoder(config, shape)
            .traits(falconTraits(grouped, config.flag("multi_query", true), alibi))
            .wiring(parallel ? Wiring.PARALLEL_SUM : Wiring.SEQUENTIAL)
            .mixer(() -> attention(config, shape, bias, rotary))
            .mlp(layer -> mlp);
    if (twoNorms) {
      decoder.preNorms("ln_attn", "ln_mlp");
    } else if (parallel) {
      decoder.preNorms("input_layernorm", "");
    }
    return decoder.build();
  }

  private static Shape falconShape(ModelConfig config, boolean grouped) {
    int heads = Shape.heads(config, Keys.present(config, "num_attention_heads", "n_head"));
    int layers = Shape.layers(config, Keys.present(config, "num_hidden_layers", "n_layer"));
    int kvHeads = heads;
    if (grouped) {
      String key = Keys.present(config, "num_kv_heads", "n_head_kv");
      kvHeads = config.optionalSize(key).isPresent() ? Shape.heads(config, key) : heads;
    } else if (config.flag("multi_query", true)) {
      kvHeads = 1;
    }
    return Shape.of(
        config, config.size("hidden_size"), heads, kvHeads, 0, layers, config.size("vocab_size"));
  }

  private static Attention attention(
      ModelConfig config, Shape shape, boolean bias, Rotary.Style rotary) {
    return Llama.attention(config, shape)
        .path("self_attention")
        .names(FUSED)
        .outputName("dense")
        .bias(bias, bias)
        .rotary(rotary)
        .build();
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    return new DecoderBuilder(config, shape)
        .paths("transformer.word_embeddings", "transformer.h", "transformer.ln_f", "lm_head")
        .layerNorm(true, true)
        .residualDropout(config.number("hidden_dropout", 0))
        .head(HeadBuilder::tiedByDefault);
  }
}
