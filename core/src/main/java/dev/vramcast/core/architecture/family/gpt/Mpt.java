package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** MPT and DBRX. */
public final class Mpt {

  private static final ModelTraits MPT =
      ModelTraits.builder()
          .eagerOnly()
          .writesLoss()
          .unusualLoss(Versions.until(5, 0))
          .slicesHidden(Versions.NONE)
          .holds(HeldOutput.MIXER)
          .weights(Weights.USUAL.returned(Versions.since(4, 54)))
          .adapterTargets("Wqkv")
          .layerClass("Block")
          .build();
  private static final ModelTraits DBRX =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 0))
          .writesLoss()
          .unusualLoss(Versions.until(5, 0))
          .ownSdpa(Versions.until(5, 0))
          .weights(Weights.USUAL.dropped(Versions.ALL))
          .layerNorm(LayerNormCode.CAST_BACK)
          .callsDropout()
          .bareRouter(Versions.NONE)
          .ownRoutingSoftmax(Versions.since(5, 0))
          .dividesByNorm(Versions.since(5, 0))
          .slicedExperts(Versions.until(5, 0))
          .layerClass("Block")
          .mixtureClass("FFN")
          .classHeads(Versions.NONE)
          .build();

  private Mpt() {}

  public static Architecture mpt(ModelConfig config) {
    Shape shape = shape(config);
    boolean bias = !config.flag("no_bias", true);
    boolean alibi = attentionFlag(config, "alibi", true);
    boolean rope = attentionFlag(config, "rope", false);
    var attention =
        new AttentionBuilder(shape)
            .path("attn")
            .names("Wqkv")
            .outputName("out_proj")
            .bias(bias, bias)
            .rotary(rope ? Rotary.Style.HALF : Rotary.Style.NONE)
            .clipped(config.nested("attn_config").orElse(config))
            .build();
    long intermediate = Keys.scaled(config, "expansion_ratio", 4, shape.hidden());
    Mlp mlp =
        Mlps.plain(
            "ffn.up_proj", "ffn.down_proj", shape.hidden(), intermediate, bias, Activation.GELU);
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .paths("transformer.wte", "transformer.blocks", "transformer.norm_f", "lm_head")
            .layerNorm(true, bias)
            .preNorms("norm_1", "norm_2")
            .embeddingDropout(config.number("emb_pdrop", 0))
            .residualDropout(config.number("resid_pdrop", 0))
            .head(HeadBuilder::tiedByDefault)
            .mixer(layer -> attention)
            .mlp(layer -> mlp)
            .traits(MPT);
    if (!alibi && !rope && config.flag("learned_pos_emb", true)) {
      decoder.positions("transformer.wpe", shape.maxPositions());
    }
    return decoder.build();
  }

  public static Architecture dbrx(ModelConfig config) {
    Shape shape = shape(config);
    var attention =
        new AttentionBuilder(shape)
            .path("norm_attn_norm.attn")
            .names("Wqkv")
            .outputName("out_proj")
            .clipped(config.nested("attn_config").orElse(config))
            .build();
    ModelConfig ffn = config.nested("ffn_config").orElse(config);
    Mlp experts =
        new MoeBuilder(
                ffn,
                shape.hidden(),
                ffn.size("ffn_hidden_size"),
                "moe_num_experts",
                ffn.size("moe_top_k", 1))
            .block("ffn")
            .router("ffn.router.layer", false)
            .fused("experts.mlp.w1", "experts.mlp.v1", "experts.mlp.w2")
            .build();
    return new DecoderBuilder(config, shape)
        .paths("transformer.wte", "transformer.blocks", "transformer.norm_f", "lm_head")
        .layerNorm(true, false)
        .preNorms("norm_attn_norm.norm_1", "norm_attn_norm.norm_2")
        .residualDropout(config.number("resid_pdrop", 0))
        .mixer(layer -> attention)
        .mlp(layer -> experts)
        .traits(DBRX)
        .build();
  }

  private static Shape shape(ModelConfig config) {
    int heads = Shape.heads(config, "n_heads");
    int kvHeads =
        config
            .nested("attn_config")
            .filter(attention -> attention.optionalSize("kv_n_heads").isPresent())
            .map(attention -> Shape.heads(attention, "kv_n_heads"))
            .orElse(heads);
    return Shape.of(
            config,
            config.size("d_model"),
            heads,
            kvHeads,
            0,
            Shape.layers(config, "n_layers"),
            config.size("vocab_size"))
        .withMaxPositions(config.size("max_seq_len", 2048));
  }

  private static boolean attentionFlag(ModelConfig config, String key, boolean fallback) {
    return config
        .nested("attn_config")
        .map(attention -> attention.flag(key, fallback))
        .orElse(fallback);
  }
}
