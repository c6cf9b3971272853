package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.gpt.EncoderBlocks.Norms;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Map;

/** BERT and RoBERTa with norms before attention and MLP, and one behind the last layer. */
public final class PreNormedBert {

  private static final ModelTraits MEGATRON =
      Bert.traits()
          .eagerOnly()
          .weights(Bert.weights(Versions.ALL))
          .holds(HeldOutput.ACTIVATION)
          .classes("MegatronBert")
          .build();
  private static final ModelTraits ROBERTA =
      Bert.traits()
          .sdpa(Versions.since(5, 0))
          .holds(HeldOutput.ACTIVATION)
          .classes("RobertaPreLayerNorm")
          .build();
  private static final ModelTraits XL =
      Bert.traits().holds(HeldOutput.ACTIVATION_INSTEAD).classes("XLMRobertaXL").build();

  /** Defaults of XLMRobertaXLConfig that are not BERT's. */
  private static final Map<String, Object> XL_SIZES =
      Map.of("max_position_embeddings", 514, "type_vocab_size", 1);

  private PreNormedBert() {}

  /** Megatron-LM's BERT: embeddings are not normalised. */
  public static Architecture megatron(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("bert.");
    Norms norms = new Norms("attention.ln", "ln", "encoder.ln");
    return embedded(
        blocks, prefix, blocks.prenormed(prefix, norms, Bert.bertHead(blocks, prefix), MEGATRON));
  }

  /** RoBERTa as fairseq's efficient masked models have it. */
  public static Architecture roberta(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("roberta_prelayernorm.");
    Norms norms = new Norms("attention.LayerNorm", "intermediate.LayerNorm", "LayerNorm");
    return embedded(
        blocks,
        prefix,
        blocks
            .prenormed(prefix, norms, Bert.robertaHead(blocks, prefix), ROBERTA)
            .embeddingNorm(prefix + "embeddings.LayerNorm"));
  }

  /** XLM-RoBERTa-XL and XXL: embeddings are not normalised, and MLPs drop nothing. */
  public static Architecture xlmRobertaXl(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(Keys.withDefaults(config, XL_SIZES));
    String prefix = blocks.prefix("roberta.");
    Norms norms = new Norms("attention.self_attn_layer_norm", "LayerNorm", "encoder.LayerNorm");
    return embedded(
        blocks,
        prefix,
        blocks
            .prenormed(prefix, norms, Bert.robertaHead(blocks, prefix), XL)
            .dropout(DecoderLayer.Dropout.ofMixer(blocks.dropout())));
  }

  private static Architecture embedded(EncoderBlocks blocks, String prefix, DecoderBuilder stack) {
    return Bert.embedded(blocks, prefix, stack, blocks.shape().hidden()).build();
  }
}
