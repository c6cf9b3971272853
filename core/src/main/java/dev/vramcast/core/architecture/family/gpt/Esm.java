package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.gpt.EncoderBlocks.Norms;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.List;

/** ESM-1b and ESM-2 over proteins: norms first, positions turned or looked up. */
public final class Esm {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .holds(HeldOutput.ACTIVATION)
          .sight(Sight.ALL)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .rotary(RotaryCode.EACH_IN_FP32)
          .described(Versions.since(5, 0))
          .adapterTargets("query", "key", "value")
          .layerClass("Layer")
          .build();

  private Esm() {}

  public static Architecture esm(ModelConfig config) {
    if (config.flag("is_folding_model", false)) {
      throw Gap.of("an esm that folds").refusal();
    }
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("esm.");
    boolean rotary = config.text("position_embedding_type", "absolute").equals("rotary");
    Mlp mlp =
        Mlps.plain(
            "intermediate.dense",
            "output.dense",
            blocks.shape().hidden(),
            config.size("intermediate_size"),
            true,
            Activation.GELU_ERF);
    Norms norms = new Norms("attention.LayerNorm", "LayerNorm", "encoder.emb_layer_norm_after");
    DecoderBuilder stack =
        blocks
            .prenormed(prefix, norms, head(blocks, prefix), TRAITS)
            .keepsEmbeddings()
            .mlp(() -> mlp)
            .mixer(() -> attention(blocks, rotary).build())
            .extras(
                ModelExtras.hidingTokens(
                    config.flag("token_dropout", false), contacts(blocks, prefix)));
    if (config.flag("emb_layer_norm_before", false)) {
      stack.embeddingNorm(prefix + "embeddings.layer_norm");
    }
    return rotary
        ? stack.build()
        : stack
            .positions(
                new Embedding(
                    prefix + "embeddings.position_embeddings",
                    blocks.shape().maxPositions(),
                    blocks.shape().hidden()))
            .build();
  }

  private static AttentionBuilder attention(EncoderBlocks blocks, boolean rotary) {
    return new AttentionBuilder(blocks.shape())
        .path("attention")
        .names("self.query", "self.key", "self.value")
        .outputName("output.dense")
        .bias(true, true)
        .rotary(rotary ? Rotary.Style.HALF : Rotary.Style.NONE)
        .dropout(blocks.config().number("attention_probs_dropout_prob", 0.1));
  }

  private static Head head(EncoderBlocks blocks, String prefix) {
    if (blocks.isMasked()) {
      return blocks
          .masked("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder")
          .activated(Activation.GELU_ERF);
    }
    if (blocks.labelsTokens()) {
      return blocks.classifying(List.of(blocks.classes("classifier")));
    }
    return blocks.architecture().endsWith("Model")
        ? blocks.classifying(List.of(blocks.dense(prefix + "pooler.dense")))
        : blocks.sentence();
  }

  /** What predicts contacts of weights of attention, which no loss reads. */
  private static List<Linear> contacts(EncoderBlocks blocks, String prefix) {
    long weights = (long) blocks.shape().layers() * blocks.shape().heads();
    return List.of(new Linear(prefix + "contact_head.regression", weights, 1, true));
  }
}
