package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.ModelTraits;
import java.util.List;

/** EuroBERT: Llama's layers without a causal mask, as Transformers has it since 5. */
public final class EuroBert {

  private static final ModelTraits TRAITS =
      ModelTraits.builder().sight(Sight.ALL).classes("EuroBert").build();

  private EuroBert() {}

  public static Architecture euroBert(ModelConfig config) {
    Shape shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 8192));
    EncoderBlocks blocks = new EncoderBlocks(config, shape);
    String prefix = blocks.prefix("model.");
    boolean bias = config.flag("attention_bias", false);
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embed_tokens", prefix + "layers", prefix + "norm", "lm_head")
        .head(each -> each.fixed(head(blocks)))
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .mlp(
            () ->
                Mlps.gated(
                    "mlp",
                    shape.hidden(),
                    config.size("intermediate_size"),
                    config.flag("mlp_bias", false),
                    Mlps.activation(config, "hidden_act", "silu")))
        .traits(TRAITS)
        .build();
  }

  private static Head head(EncoderBlocks blocks) {
    ModelConfig config = blocks.config();
    String architecture = blocks.architecture();
    if (blocks.isMasked()) {
      return Head.of(
          Head.Kind.MASKED_LANGUAGE_MODEL,
          List.of(
              new Linear(
                  "lm_head",
                  blocks.shape().hidden(),
                  blocks.shape().vocabulary(),
                  config.flag("mlp_bias", false))),
          config.flag("tie_word_embeddings", false));
    }
    if (architecture.endsWith("ForSequenceClassification")) {
      Head head = blocks.classifying(List.of(blocks.dense("dense"), blocks.classes("classifier")));
      return config.text("classifier_pooling", "late").equals("late") ? head.ofEveryToken() : head;
    }
    return blocks.classifying(
        architecture.endsWith("Model") ? List.of() : List.of(blocks.classes("classifier")));
  }
}
