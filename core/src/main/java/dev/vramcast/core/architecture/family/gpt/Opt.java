package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Optional;

/** OPT: learned positions; opt-350m with norms after the additions and narrow embeddings. */
public final class Opt {

  private static final String DECODER = "model.decoder.";
  private static final int POSITION_OFFSET = 2;

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .holds(HeldOutput.SUMMAND, HeldOutput.POSITIONS)
          .writesLoss()
          .unusualLoss(Versions.ALL)
          .slicesHidden(Versions.NONE)
          .weights(Weights.USUAL.dropped(Versions.until(5, 4)))
          .clampsScores(Versions.until(4, 49))
          .callsDropout()
          .classes("OPT")
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  private Opt() {}

  public static Architecture opt(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("enable_bias", true);
    boolean before = config.flag("do_layer_norm_before", true);
    boolean finalNorm = before && !config.flag("_remove_final_layer_norm", false);
    double dropout = config.number("dropout", 0.1);
    long width = config.size("word_embed_proj_dim", shape.hidden());
    Mlp mlp =
        Mlps.plain(
            "fc1",
            "fc2",
            shape.hidden(),
            config.size("ffn_dim"),
            bias,
            Mlps.activation(config, "activation_function", "relu"));
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .paths(
                DECODER + "embed_tokens",
                DECODER + "layers",
                finalNorm ? DECODER + "final_layer_norm" : "",
                "lm_head")
            .positions(
                new Embedding(
                        DECODER + "embed_positions",
                        config.size("max_position_embeddings", 2048) + POSITION_OFFSET,
                        shape.hidden())
                    .alongMask())
            .layerNorm(true, true)
            .residualDropout(dropout)
            .head(HeadBuilder::tiedByDefault)
            .embeddingWidth(width)
            .mixer(
                () ->
                    Llama.attention(config, shape)
                        .outputName("out_proj")
                        .bias(bias, bias)
                        .rotary(Rotary.Style.NONE)
                        .build())
            .mlp(layer -> mlp)
            .traits(TRAITS);
    if (before) {
      decoder.preNorms("self_attn_layer_norm", "final_layer_norm");
    } else {
      decoder
          .preNorms("", "")
          .postNorms("self_attn_layer_norm", "final_layer_norm")
          .wiring(Wiring.POST_RESIDUAL);
    }
    if (width != shape.hidden()) {
      decoder.extras(
          ModelExtras.narrow(
              new ModelExtras.NarrowEmbeddings(
                  new ParameterTensor(
                      DECODER + "project_in.weight",
                      List.of(shape.hidden(), width),
                      TensorGroup.EMBEDDING),
                  Optional.empty(),
                  Optional.of(
                      new ParameterTensor(
                          DECODER + "project_out.weight",
                          List.of(width, shape.hidden()),
                          TensorGroup.HEAD)),
                  false)));
    }
    return decoder.build();
  }
}
