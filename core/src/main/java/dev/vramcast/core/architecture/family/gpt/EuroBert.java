package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** EuroBERT: Llama's layers without a causal mask, as Transformers has it since 5. */
public final class EuroBert {

  private static final ModelTraits TRAITS =
      ModelTraits.builder().sight(Sight.ALL).classes("EuroBert").build();

  /** UltraBERT, whose layers that slide have tables of their own, as ModernBERT's have. */
  private static final ModelTraits ULTRA =
      ModelTraits.builder()
          .sight(Sight.ALL)
          .tablesByType(Versions.ALL)
          .classes("Ultrabert")
          .build();

  private static final String WINDOWS = "attention_windows";

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

  /**
   * UltraBERT: EuroBERT with a window in two of three layers, two linears before that of words, and
   * a classifier of the first token.
   */
  public static Architecture ultraBert(ModelConfig config) {
    Shape shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 32_768));
    EncoderBlocks blocks = new EncoderBlocks(config, shape);
    String prefix = blocks.prefix("model.");
    boolean bias = config.flag("attention_bias", false);
    IntUnaryOperator windows = ultraWindows(config, shape.layers());
    Mlp mlp =
        Mlps.gated(
            "mlp",
            shape.hidden(),
            config.size("intermediate_size"),
            config.flag("mlp_bias", false),
            Mlps.activation(config, "hidden_act", "silu"));
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embed_tokens", prefix + "layers", prefix + "norm", "head.decoder")
        .head(head -> head.fixed(ultraHead(blocks)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .window(windows.applyAsInt(layer))
                    .build())
        .mlp(layer -> mlp)
        .traits(ULTRA)
        .build();
  }

  /** Windows by layer, of which {@code attention_windows} has one each, or nothing for none. */
  private static IntUnaryOperator ultraWindows(ModelConfig config, int layers) {
    List<?> listed = config.list(WINDOWS);
    if (listed.isEmpty()) {
      int window = LayerTypes.window(config, 128);
      return LayerTypes.windows(config, layers, window, LayerTypes.butEvery(3));
    }
    if (listed.size() < layers) {
      throw config
          .about(WINDOWS)
          .and(" has ", listed.size(), " entries for ", layers, " layers")
          .refusal();
    }
    int[] each = listed.stream().mapToInt(entry -> windowOf(config, entry)).toArray();
    int[] sizes = Arrays.stream(each).filter(size -> size > 0).distinct().toArray();
    if (sizes.length > 1) {
      throw Gap.of("an ultrabert with windows of ", sizes[0], " and ", sizes[1], " tokens")
          .refusal();
    }
    int window = sizes.length == 0 ? 0 : sizes[0];
    return LayerTypes.windows(config, layers, window, layer -> each[layer] > 0);
  }

  /** None where it is null or false. */
  private static int windowOf(ModelConfig config, @Nullable Object entry) {
    if (entry == null || Boolean.FALSE.equals(entry)) {
      return 0;
    }
    boolean whole =
        entry instanceof Number number
            && number.doubleValue() == number.intValue()
            && number.intValue() >= 0;
    if (!whole) {
      throw config
          .about(WINDOWS)
          .has(entry)
          .allowed("whole numbers of tokens, null or false")
          .refusal();
    }
    return ((Number) entry).intValue();
  }

  private static Head ultraHead(EncoderBlocks blocks) {
    ModelConfig config = blocks.config();
    if (blocks.isMasked()) {
      long hidden = blocks.shape().hidden();
      long inner = config.size("prediction_head_size", 768);
      return Head.of(
              Head.Kind.MASKED_LANGUAGE_MODEL,
              List.of(
                  new Linear("head.linear1", hidden, inner, false),
                  new Linear("head.linear2", inner, hidden, false),
                  new Linear("head.decoder", hidden, blocks.shape().vocabulary(), false)),
              config.flag("tie_word_embeddings", false))
          .activated(Activation.GELU_TANH);
    }
    if (!config.text("classifier_pooling", "cls").equals("cls")) {
      throw Gap.of("a classifier of the mean of tokens of an ultrabert").refusal();
    }
    if (blocks.labelsTokens()) {
      return Head.ofTokens(blocks.classes("classifier"), config.number("classifier_dropout", 0));
    }
    return blocks.architecture().endsWith("Model")
        ? blocks.classifying(List.of())
        : blocks
            .classifying(List.of(blocks.classes("classifier")))
            .reading(Head.Reading.FIRST_TOKEN);
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
      return config.text("classifier_pooling", "late").equals("late")
          ? head.reading(Head.Reading.EVERY_TOKEN)
          : head;
    }
    return blocks.classifying(
        architecture.endsWith("Model") ? List.of() : List.of(blocks.classes("classifier")));
  }
}
