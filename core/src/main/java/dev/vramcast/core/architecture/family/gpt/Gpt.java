package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** GPT-2, GPT-BigCode, GPT-Neo and GPT-J: layer norms, plain MLPs. */
public final class Gpt {

  private static final String FUSED = "c_attn";

  /** Layers return them since 4.54. */
  static final Weights WEIGHTS =
      Weights.USUAL.dropped(Versions.until(4, 54)).returned(Versions.since(4, 54));

  private static final ModelTraits GPT2 =
      ModelTraits.builder()
          .additiveMasks(Versions.until(4, 54))
          .weights(Weights.USUAL.softmax(Softmax.AS_VALUES).dropped(Versions.until(4, 52)))
          .writesLoss()
          .slicesHidden(Versions.since(4, 53))
          .layerMasks(Versions.until(5, 2))
          .dropoutModule(Versions.ALL)
          .adapterTargets(FUSED)
          .holds(HeldOutput.MIXER, HeldOutput.POSITIONS)
          .classes("GPT2")
          .layerClass("Block")
          .build();

  /**
   * From 4.54 to 4.57 GPTBigCodeBlock was no GradientCheckpointingLayer, and the loop over layers
   * no longer checkpointed either.
   */
  private static final ModelTraits BIGCODE =
      ModelTraits.builder()
          .additiveMasks(Versions.until(4, 54))
          .writesLoss()
          .unusualLoss(Versions.until(5, 0))
          .slicesHidden(Versions.NONE)
          .modelMask(Versions.ALL)
          .alwaysMasks(Versions.until(4, 54))
          .weights(WEIGHTS.returned(Versions.until(5, 4).andSince(4, 54)))
          .ignoresCheckpointing(Versions.until(5, 0).andSince(4, 54))
          .returnsCache(Versions.until(4, 54))
          .adapterTargets(FUSED)
          .holds(HeldOutput.MIXER, HeldOutput.POSITIONS)
          .classes("GPTBigCode")
          .layerClass("Block")
          .build();

  private static final ModelTraits NEO =
      ModelTraits.builder()
          .eagerOnly()
          .unusualLoss(Versions.until(5, 0))
          .slicesHidden(Versions.NONE)
          .fp32Scores()
          .layerMasks(Versions.ALL)
          .weights(WEIGHTS.softmax(Softmax.AS_VALUES))
          .dropoutModule(Versions.ALL)
          .holds(HeldOutput.MIXER, HeldOutput.POSITIONS)
          .classes("GPTNeo")
          .layerClass("Block")
          .build();
  private static final ModelTraits GPTJ =
      ModelTraits.builder()
          .sdpa(Versions.since(5, 24))
          .weights(
              WEIGHTS.softmax(Softmax.AS_VALUES).returned(Versions.until(5, 24).andSince(4, 54)))
          .fp32Scores()
          .upcastsInModel(Versions.until(5, 0))
          .unusualLoss(Versions.until(5, 0))
          .slicesHidden(Versions.NONE)
          .rotary(RotaryCode.REPEATED_HALVES)
          .rotaryLayerTables(Versions.until(5, 24))
          .tablesByLayer(Versions.until(5, 24))
          .rotatesTokens()
          .dropoutModule(Versions.until(5, 24))
          .classes("GPTJ")
          .layerClass("Block")
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  /** The four parts that the fused projection is divided into are copied together again. */
  private static final ModelTraits CODEGEN =
      ModelTraits.builder()
          .sdpa(Versions.since(5, 24))
          .weights(
              WEIGHTS.softmax(Softmax.AS_VALUES).returned(Versions.until(5, 24).andSince(4, 54)))
          .fp32Scores()
          .sharing(HeadSharing.SPLIT)
          .upcastsInModel(Versions.until(5, 0))
          .unusualLoss(Versions.until(5, 0))
          .slicesHidden(Versions.NONE)
          .rotary(RotaryCode.REPEATED_HALVES_IN_FP32)
          .rotaryLayerTables(Versions.until(5, 24))
          .tablesByLayer(Versions.until(5, 24))
          .rotatesTokens()
          .dropoutModule(Versions.until(5, 24))
          .adapterTargets("qkv_proj")
          .classes("CodeGen")
          .layerClass("Block")
          .classHeads(Versions.NONE)
          .build();

  private Gpt() {}

  public static Architecture gpt2(ModelConfig config) {
    Shape shape = shape(config, false);
    return fused(config, shape, "gelu_new", GPT2);
  }

  /** GPT-BigCode (StarCoder 1): one key and value head unless {@code multi_query} is false. */
  public static Architecture bigcode(ModelConfig config) {
    Shape shape = shape(config, config.flag("multi_query", true));
    return fused(config, shape, "gelu_pytorch_tanh", BIGCODE);
  }

  private static Architecture fused(
      ModelConfig config, Shape shape, String activation, ModelTraits traits) {
    var attention =
        new AttentionBuilder(shape)
            .path("attn")
            .names(FUSED)
            .outputName("c_proj")
            .bias(true, true)
            .rotary(Rotary.Style.NONE)
            .dropout(config.number("attn_pdrop", 0.1))
            .build();
    Mlp mlp = mlp(config, shape, "mlp.c_fc", "mlp.c_proj", activation);
    return decoder(config, shape)
        .positions("transformer.wpe", shape.maxPositions())
        .embeddingDropout(config.number("embd_pdrop", 0.1))
        .residualDropout(config.number("resid_pdrop", 0.1))
        .head(HeadBuilder::tiedByDefault)
        .mixer(layer -> attention)
        .mlp(layer -> mlp)
        .traits(traits)
        .build();
  }

  /** GPT-Neo: global attention and a window alternate. */
  public static Architecture neo(ModelConfig config) {
    long hidden = config.size("hidden_size");
    int heads = Shape.heads(config, Keys.present(config, "num_heads", "num_attention_heads"));
    int layers = Shape.layers(config, Keys.present(config, "num_layers", "num_hidden_layers"));
    Shape shape =
        Shape.of(config, hidden, heads, heads, 0, layers, config.size("vocab_size"))
            .withMaxPositions(config.size("max_position_embeddings", 2048));
    List<String> types = neoTypes(config);
    int window = Math.toIntExact(config.size("window_size", 256));
    Mlp mlp = mlp(config, shape, "mlp.c_fc", "mlp.c_proj", "gelu_new");
    return decoder(config, shape)
        .positions("transformer.wpe", shape.maxPositions())
        .embeddingDropout(config.number("embed_dropout", 0))
        .traits(NEO)
        .residualDropout(config.number("resid_dropout", 0))
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .path("attn.attention")
                    .outputName("out_proj")
                    .bias(false, true)
                    .rotary(Rotary.Style.NONE)
                    .window(types.get(layer % types.size()).equals("local") ? window : 0)
                    .build())
        .mlp(layer -> mlp)
        .build();
  }

  /** The repeated types of {@code attention_types}, e.g. {@code [[["global", "local"], 12]]}. */
  private static List<String> neoTypes(ModelConfig config) {
    List<String> types = new ArrayList<>();
    for (Object group : config.list("attention_types")) {
      if (group instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof List<?> names
          && pair.get(1) instanceof Number times) {
        for (int i = 0; i < Math.min(times.intValue(), 10_000); i++) {
          names.forEach(name -> types.add(String.valueOf(name)));
        }
      }
    }
    return types.isEmpty() ? List.of("global", "local") : types;
  }

  /** GPT-J: attention and MLP in parallel, interleaved rotary embedding. */
  public static Architecture gptj(ModelConfig config) {
    return parallel(config, GPTJ, attention -> attention);
  }

  /** CodeGen: GPT-J with one projection for query, key and value, divided into four parts. */
  public static Architecture codegen(ModelConfig config) {
    return parallel(config, CODEGEN, attention -> attention.names("qkv_proj"));
  }

  private static Architecture parallel(
      ModelConfig config, ModelTraits traits, UnaryOperator<AttentionBuilder> own) {
    Shape shape = shape(config, false);
    int rotated = (int) Math.min(shape.headSize(), config.size("rotary_dim", 64));
    Mlp mlp = mlp(config, shape, "mlp.fc_in", "mlp.fc_out", "gelu_new");
    return decoder(config, shape)
        .preNorms("ln_1", "")
        .traits(traits)
        .wiring(Wiring.PARALLEL)
        .embeddingDropout(config.number("embd_pdrop", 0))
        .residualDropout(config.number("resid_pdrop", 0))
        .head(head -> head.bias(true))
        .mixer(
            () ->
                own.apply(new AttentionBuilder(shape).path("attn"))
                    .outputName("out_proj")
                    .rotary(Rotary.Style.INTERLEAVED, rotated)
                    .dropout(config.number("attn_pdrop", 0))
                    .build())
        .mlp(layer -> mlp)
        .build();
  }

  private static Shape shape(ModelConfig config, boolean multiQuery) {
    long hidden = Keys.size(config, "n_embd", "hidden_size");
    int heads = Shape.heads(config, Keys.present(config, "n_head", "num_attention_heads"));
    int layers = Shape.layers(config, Keys.present(config, "n_layer", "num_hidden_layers"));
    long positions =
        Keys.optionalSize(config, "n_positions", "max_position_embeddings").orElse(1024L);
    return Shape.of(
            config, hidden, heads, multiQuery ? 1 : heads, 0, layers, config.size("vocab_size"))
        .withMaxPositions(positions);
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    return new DecoderBuilder(config, shape)
        .paths("transformer.wte", "transformer.h", "transformer.ln_f", "lm_head")
        .layerNorm(true, true)
        .preNorms("ln_1", "ln_2");
  }

  private static PlainMlp mlp(
      ModelConfig config, Shape shape, String up, String down, String activationByDefault) {
    Activation activation = Mlps.activation(config, "activation_function", activationByDefault);
    long intermediate =
        Keys.optionalSize(config, "n_inner", "intermediate_size").orElse(4 * shape.hidden());
    return new PlainMlp(
        new Linear(up, shape.hidden(), intermediate, true),
        new Linear(down, intermediate, shape.hidden(), true),
        activation);
  }
}
