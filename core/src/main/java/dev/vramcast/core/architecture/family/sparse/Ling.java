package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ExpertCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntPredicate;

/**
 * Ling and Ring of inclusionAI, whose tokens are repeated for their experts.
 *
 * <p>Source: {@code modeling_bailing_moe.py} (inclusionAI/Ling) and {@code
 * modeling_bailing_moe_v2.py} (inclusionAI/Ling-V2).
 */
public final class Ling {

  private static final ModelTraits FIRST =
      repeating()
          .fp32RoutingWeights(Versions.ALL)
          .rotaryTablesOfSeen()
          .tablesByLayer(Versions.ALL)
          .classes("BailingMoe")
          .build();

  private static final ModelTraits SECOND =
      repeating()
          .fp32Router(Versions.NONE)
          .fp32RoutingWeights(Versions.ALL)
          .concatenatesRotary(Versions.ALL)
          .upcastsInModel(Versions.ALL)
          .classes("BailingMoeV2")
          .build();

  private Ling() {}

  private static ModelTraitsBuilder repeating() {
    return ModelTraits.builder()
        .bareRouter(Versions.ALL)
        .separateExperts()
        .experts(ExpertCode.REPEATED)
        .ownSdpa(Versions.ALL)
        .mixtureClass("SparseMoeBlock")
        .remoteCode();
  }

  /** By the class that the config names: Ling 2.0's type is published as the first one's too. */
  public static Architecture read(ModelConfig config) {
    return HeadBuilder.architecture(config).startsWith("BailingMoeV2")
        ? second(config)
        : first(config);
  }

  /** Ling-lite and Ling-plus, whose head's weight has columns of one length where it is used. */
  private static Architecture first(ModelConfig config) {
    Shape shape = Shape.of(config);
    return decoder(config, shape, Scoring.SOFTMAX)
        .mixer(() -> attention(config, shape).build())
        .head(head -> head.normalised(config.flag("norm_head", false)))
        .traits(FIRST)
        .build();
  }

  /** Ling 2.0: norms over heads, half of each turned. */
  public static Architecture second(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean norms = config.flag("use_qk_norm", true);
    int turned = (int) (shape.headSize() * config.number("partial_rotary_factor", 1));
    return decoder(config, shape, Scoring.SIGMOID)
        .mixer(
            () -> {
              AttentionBuilder heads = attention(config, shape).rotary(Rotary.Style.HALF, turned);
              return norms
                  ? heads.headNorms(Norm.Type.RMS, "query_layernorm", "key_layernorm").build()
                  : heads.build();
            })
        .traits(SECOND)
        .build();
  }

  private static AttentionBuilder attention(ModelConfig config, Shape shape) {
    return new AttentionBuilder(shape)
        .path("attention")
        .names("query_key_value")
        .outputName("dense")
        .bias(config.flag("use_qkv_bias", false), config.flag("use_bias", false))
        .dropout(config.number("attention_dropout", 0));
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape, Scoring scoring) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp dense = Mlps.dense(config, shape.hidden(), activation);
    long each = config.size("moe_intermediate_size");
    Mlp experts =
        new MoeBuilder(config, shape.hidden(), each, "num_experts", "num_experts_per_tok")
            .scoring(scoring)
            .activation(activation)
            .sharedExperts(config.count("num_shared_experts", 0), false)
            .build();
    IntPredicate isSparse = DeepSeek.isSparse(config, shape.layers(), 0);
    return new DecoderBuilder(config, shape)
        .paths("model.word_embeddings", "model.layers", "model.norm", "lm_head")
        .mlp(layer -> isSparse.test(layer) ? experts : dense);
  }
}
