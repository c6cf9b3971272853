package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encoders with BERT's norms behind Llama's attention, as Transformers has them since 5: NomicBERT,
 * Jina Embeddings 3 and GTE.
 */
public final class NomicBert {

  private static final ModelTraits NOMIC = traits("NomicBert");
  private static final ModelTraits JINA = traits("JinaEmbeddingsV3");
  private static final ModelTraits GTE = traits("Gte");

  private static final Map<String, String> OLDER_KEYS =
      Map.of(
          "n_embd", "hidden_size",
          "n_head", "num_attention_heads",
          "n_inner", "intermediate_size",
          "n_layer", "num_hidden_layers",
          "n_positions", "max_position_embeddings");

  private final EncoderBlocks blocks;
  private final String prefix;

  private NomicBert(ModelConfig config, long positions, String base) {
    Shape shape =
        Shape.of(config).withMaxPositions(config.size("max_position_embeddings", positions));
    this.blocks = new EncoderBlocks(config, shape);
    this.prefix = blocks.prefix(base);
  }

  private static ModelTraits traits(String classes) {
    return ModelTraits.builder()
        .lossInOwnDtype(Versions.ALL)
        .sight(Sight.ALL)
        .holds(HeldOutput.MIXER)
        .weights(Weights.USUAL.softmax(Softmax.OWN))
        .classes(classes)
        .layerClass("Layer")
        .build();
  }

  /** NomicBERT, whose older configs have GPT-2's keys. */
  public static Architecture nomicBert(ModelConfig given) {
    ModelConfig config = Keys.renamed(given, OLDER_KEYS);
    NomicBert model = new NomicBert(config, 2048, "nomic_bert.");
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Head head =
        model.blocks.isMasked()
            ? model
                .blocks
                .masked(
                    "cls.predictions.transform.dense",
                    "cls.predictions.transform.layer_norm",
                    "cls.predictions.decoder")
                .activated(activation)
            : model.pooled();
    Mlp mlp = Mlps.dense(config, model.hidden(), activation);
    return model.layers(0, 0, false, mlp).head(each -> each.fixed(head)).traits(NOMIC).build();
  }

  public static Architecture jinaEmbeddings(ModelConfig config) {
    NomicBert model = new NomicBert(config, 8194, "roberta.");
    Mlp mlp =
        Mlps.plain(
            "mlp.fc1",
            "mlp.fc2",
            model.hidden(),
            config.size("intermediate_size"),
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    Head head = model.jinaHead();
    return model.layers(0.1, 0.1, true, mlp).head(each -> each.fixed(head)).traits(JINA).build();
  }

  public static Architecture gte(ModelConfig config) {
    NomicBert model = new NomicBert(config, 8192, "gte.");
    long inner = config.size("intermediate_size");
    Mlp mlp =
        new GatedMlp(
            List.of(
                new Linear("mlp.gate_proj", model.hidden(), inner, false),
                new Linear("mlp.up_proj", model.hidden(), inner, false)),
            new Linear("mlp.down_proj", inner, model.hidden(), true),
            Mlps.activation(config, "hidden_act", "gelu"),
            Optional.empty(),
            Optional.of(new InnerDropout(config.number("hidden_dropout_prob", 0.1), false)));
    Head head = model.blocks.isMasked() ? model.words() : model.pooled();
    return model.layers(0.1, 0, true, mlp).head(each -> each.fixed(head)).traits(GTE).build();
  }

  private long hidden() {
    return blocks.shape().hidden();
  }

  /** All but head and traits; what is dropped out where the config does not say. */
  private DecoderBuilder layers(double ofStates, double ofWeights, boolean bias, Mlp mlp) {
    ModelConfig config = blocks.config();
    double dropout = config.number("hidden_dropout_prob", ofStates);
    long types = config.count("type_vocab_size", bias ? 1 : 2);
    DecoderBuilder layers =
        new DecoderBuilder(config, blocks.shape())
            .paths(prefix + "embeddings.word_embeddings", prefix + "layers", "", "")
            .layerNorm(true, true)
            .embeddingNorm(prefix + "embeddings.LayerNorm")
            .embeddingDropout(dropout)
            .residualDropout(dropout)
            .preNorms("", "")
            .postNorms("post_attention_layernorm", "post_mlp_layernorm")
            .wiring(Wiring.POST_RESIDUAL)
            .mixer(
                () ->
                    new AttentionBuilder(blocks.shape())
                        .bias(bias, bias)
                        .dropout(config.number("attention_probs_dropout_prob", ofWeights))
                        .build())
            .mlp(() -> mlp);
    return types == 0
        ? layers
        : layers.tokenTypes(prefix + "embeddings.token_type_embeddings", types);
  }

  private Head words() {
    return blocks.masked("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder");
  }

  /** A pooler where sequences are classified, and nowhere else. */
  private Head pooled() {
    List<Linear> linears = new ArrayList<>();
    if (blocks.architecture().endsWith("ForSequenceClassification")) {
      linears.add(blocks.dense(prefix + "pooler.dense"));
    }
    if (!blocks.architecture().endsWith("Model")) {
      linears.add(blocks.classes("classifier"));
    }
    return blocks.classifying(linears);
  }

  private Head jinaHead() {
    if (blocks.isMasked()) {
      return words();
    }
    if (blocks.architecture().endsWith("ForSequenceClassification")) {
      return blocks.sentence();
    }
    return blocks.classifying(
        List.of(
            blocks.architecture().endsWith("Model")
                ? blocks.dense(prefix + "pooler.dense")
                : blocks.classes("classifier")));
  }
}
