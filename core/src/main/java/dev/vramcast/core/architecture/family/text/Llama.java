package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Llama and the models that differ from it in biases, windows or constants. */
public final class Llama {

  private static final ModelTraits MISTRAL =
      ModelTraits.builder()
          .upcastsInModel(Versions.until(4, 48))
          .repeatsBeforeFlash(Versions.until(4, 48))
          .rotaryLayerTables(Versions.until(4, 42))
          .tablesByLayer(Versions.until(4, 48))
          .liger(LigerTraits.ALL)
          .build();

  private static final ModelTraits BAICHUAN =
      ModelTraits.builder().eagerOnly().remoteCode().build();

  private static final ModelTraits SEED_OSS = ModelTraits.builder().callsDropout().build();
  private static final ModelTraits HELIUM =
      ModelTraits.builder().rotary(RotaryCode.REPEATED_TABLES).build();
  private static final ModelTraits PADDLE_OCR = ModelTraits.builder().classes("PaddleOCR").build();
  private static final ModelTraits ERNIE =
      ModelTraits.builder()
          .rotary(RotaryCode.REPEATED_TABLES_IN_FP32)
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits INTERNLM =
      ModelTraits.builder().classes("InternLM").remoteCode().build();
  private static final ModelTraits INTERNLM2 =
      ModelTraits.builder().classes("InternLM2").remoteCode().build();
  private static final ModelTraits INTERNLM3 =
      ModelTraits.builder().classes("InternLM3").remoteCode().build();
  private static final ModelTraits MINICPM =
      ModelTraits.builder().classes("MiniCPM").remoteCode().build();
  private static final ModelTraits SMOLLM3 =
      ModelTraits.builder().liger(LigerTraits.ALL).classes("SmolLM3").build();

  /** Before, one product met values twice as wide (5.12 and 5.13 as read). */
  private static final ModelTraits DIFF_LLAMA =
      ModelTraits.builder().described(Versions.since(5, 13)).classes("DiffLlama").build();

  private static final ModelTraits CWM = ModelTraits.builder().classHeads(Versions.NONE).build();
  private static final ModelTraits APERTUS =
      ModelTraits.builder().classHeads(Versions.NONE, Versions.ALL).build();
  private static final ModelTraits APERTUS15 =
      ModelTraits.builder().classes("Apertus1p5Text").classHeads(Versions.NONE).build();
  private static final ModelTraits LLAMA =
      ModelTraits.builder()
          .rotaryLayerTables(Versions.until(4, 41))
          .tablesByLayer(Versions.until(4, 43))
          .boundsScores(Versions.until(4, 31))
          .liger(LigerTraits.ALL)
          .classes("Llama")
          .build();

  /**
   * Models that Transformers runs as Llama, by types of which Liger knows nothing and without heads
   * over classes.
   */
  private static final ModelTraits AS_LLAMA =
      LLAMA
          .reachedBy(LigerTraits.NONE)
          .with(new ModelTraits.ClassHeads(Versions.NONE, Versions.NONE));

  private static final ModelTraits HUNYUAN =
      ModelTraits.builder()
          .rotatesBeforeNorms()
          .liger(LigerTraits.ALL.withoutHeadNorms())
          .classes("HunYuanDenseV1")
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  private static final ModelTraits HUNYUAN_VL =
      ModelTraits.builder()
          .rotatesBeforeNorms()
          .rotary(RotaryCode.IN_FP32_WITH_TABLES)
          .tablesByRow(Versions.ALL)
          .classes("HunYuanVLDenseV1")
          .build();

  private Llama() {}

  public static Architecture llama(ModelConfig config) {
    boolean bias = config.flag("attention_bias", false);
    return biased(config, Shape.of(config), bias, bias).traits(LLAMA).build();
  }

  /** EXAONE 3, which Transformers runs as Llama and whose keys are partly GPT's. */
  public static Architecture exaone(ModelConfig config) {
    ModelConfig known =
        Keys.renamed(
            Keys.withDefaults(config, Map.of("num_key_value_heads", 8)),
            Map.of("num_layers", "num_hidden_layers", "activation_function", "hidden_act"));
    boolean bias = known.flag("attention_bias", false);
    return biased(known, Shape.of(known), bias, bias).traits(AS_LLAMA).build();
  }

  /** IQuest-Coder, which Transformers runs as Llama. */
  public static Architecture iquestCoder(ModelConfig config) {
    boolean bias = config.flag("attention_bias", false);
    return biased(config, Shape.of(config, 128), bias, bias).traits(AS_LLAMA).build();
  }

  public static Architecture mistral(ModelConfig config) {
    return mistral(config, Shape.of(config), LayerTypes.window(config, 4096))
        .traits(MISTRAL)
        .build();
  }

  /** Ministral 3: no window unless the config names one. */
  public static Architecture ministral3(ModelConfig config) {
    return mistral(config, Shape.of(config, 128), LayerTypes.window(config, 0))
        .traits(MISTRAL.reachedBy(LigerTraits.NONE))
        .build();
  }

  private static DecoderBuilder mistral(ModelConfig config, Shape shape, int window) {
    IntUnaryOperator windows =
        LayerTypes.windows(config, shape.layers(), window, layer -> window > 0);
    return decoder(config, shape)
        .mixer(layer -> attention(config, shape).window(windows.applyAsInt(layer)).build());
  }

  /** Code World Model: a window in all layers but every fourth, beginning with the first. */
  public static Architecture cwm(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 8192), layer -> layer % 4 != 0);
    return decoder(config, shape)
        .traits(CWM)
        .mixer(layer -> attention(config, shape).window(windows.applyAsInt(layer)).build())
        .build();
  }

  public static Architecture seedOss(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", true);
    boolean outputBias = config.flag("attention_out_bias", false);
    double dropout = config.number("attention_dropout", 0.1);
    return decoder(config, shape)
        .residualDropout(config.number("residual_dropout", 0.1))
        .mixer(() -> new AttentionBuilder(shape).bias(bias, outputBias).dropout(dropout).build())
        .traits(SEED_OSS)
        .build();
  }

  /** InternLM: one key for all biases of attention. */
  public static Architecture internlm(ModelConfig config) {
    boolean bias = config.flag("bias", true);
    return biased(config, Shape.of(config), bias, bias).traits(INTERNLM).build();
  }

  /** InternLM 2: fused query, key and value, and names of its own. */
  public static Architecture internlm2(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("bias", true);
    long intermediate = config.size("intermediate_size");
    return decoder(config, shape)
        .paths("model.tok_embeddings", "model.layers", "model.norm", "output")
        .preNorms("attention_norm", "ffn_norm")
        .traits(INTERNLM2)
        .mixer(
            () ->
                attention(config, shape)
                    .path("attention")
                    .names("wqkv")
                    .outputName("wo")
                    .bias(bias, bias)
                    .build())
        .mlp(
            () ->
                Mlps.gated(
                    "feed_forward",
                    "w1",
                    "w3",
                    "w2",
                    shape.hidden(),
                    intermediate,
                    false,
                    Activation.SILU))
        .build();
  }

  public static Architecture internlm3(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean qkvBias = config.flag("qkv_bias", config.flag("attention_bias", false));
    boolean bias = config.flag("bias", config.flag("mlp_bias", false));
    long intermediate = config.size("intermediate_size");
    return biased(config, shape, qkvBias, bias)
        .traits(INTERNLM3)
        .mlp(() -> Mlps.gated("mlp", shape.hidden(), intermediate, bias, Activation.SILU))
        .build();
  }

  public static Architecture baichuan(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean alibi = shape.hidden() > 4096;
    Rotary.Style style = alibi ? Rotary.Style.NONE : Rotary.Style.HALF;
    return decoder(config, shape)
        .mixer(() -> attention(config, shape).names("W_pack").rotary(style).build())
        .traits(BAICHUAN)
        .build();
  }

  /** DiffLlama: differential attention. */
  public static Architecture diffLlama(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return decoder(config, shape)
        .mixer(() -> attention(config, shape).bias(bias, bias).differential().build())
        .traits(DIFF_LLAMA)
        .build();
  }

  /** Arcee: an MLP without gate. */
  public static Architecture arcee(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return ungated(config, shape, config.flag("mlp_bias", false), "relu2")
        .mixer(() -> attention(config, shape).bias(bias, bias).build())
        .build();
  }

  /** Apertus: an MLP without gate, whose activation has parameters. */
  public static Architecture apertus(ModelConfig config) {
    return apertus(config, Shape.of(config)).traits(APERTUS).build();
  }

  /** Apertus 1.5's language model, whose head may leave out the last words of its embedding. */
  public static Architecture apertus15(ModelConfig config) {
    long rows = config.size("vocab_size");
    ModelConfig predicting =
        config
            .optionalSize("output_vocab_size")
            .map(words -> Keys.with(config, "vocab_size", words))
            .orElse(config);
    return apertus(config, Shape.of(predicting)).embeddingRows(rows).traits(APERTUS15).build();
  }

  private static DecoderBuilder apertus(ModelConfig config, Shape shape) {
    return ungated(config, shape, false, "xielu")
        .preNorms("attention_layernorm", "feedforward_layernorm")
        .mixer(() -> Qwen.attention(config, shape).build());
  }

  /** SmolLM 3: no rotary embedding in every fourth layer. */
  public static Architecture smollm3(ModelConfig config) {
    Shape shape = Shape.of(config);
    long interval = config.size("no_rope_layer_interval", 4);
    var rotary =
        LayerTypes.of(
            config,
            "no_rope_layers",
            shape.layers(),
            layer -> LayerTypes.butEvery(interval).test(layer) ? "1" : "0");
    int window = config.flag("use_sliding_window", false) ? LayerTypes.window(config, 0) : 0;
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), window, layer -> window > 0 && rotary.apply(layer).equals("0"));
    boolean bias = config.flag("attention_bias", false);
    return decoder(config, shape)
        .head(head -> head.tiedByDefault())
        .traits(SMOLLM3)
        .mixer(
            layer ->
                attention(config, shape)
                    .bias(bias, bias)
                    .rotary(rotary.apply(layer).equals("0") ? Rotary.Style.NONE : Rotary.Style.HALF)
                    .window(windows.applyAsInt(layer))
                    .build())
        .build();
  }

  public static Architecture ernie(ModelConfig config) {
    return ernie(config, ERNIE, Rotary.Style.INTERLEAVED);
  }

  /** PaddleOCR-VL's language model, which is Ernie 4.5. */
  public static Architecture paddleOcr(ModelConfig config) {
    return ernie(config, PADDLE_OCR, Rotary.Style.HALF);
  }

  private static Architecture ernie(ModelConfig config, ModelTraits traits, Rotary.Style style) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("use_bias", false);
    long intermediate = config.size("intermediate_size");
    return decoder(config, shape)
        .head(head -> head.tiedByDefault())
        .mixer(() -> attention(config, shape).bias(bias, bias).rotary(style).build())
        .mlp(() -> Mlps.gated("mlp", shape.hidden(), intermediate, bias, Activation.SILU))
        .traits(traits)
        .build();
  }

  public static Architecture helium(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", false);
    return decoder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .traits(HELIUM)
        .mixer(
            () ->
                attention(config, shape).bias(bias, false).rotary(Rotary.Style.INTERLEAVED).build())
        .build();
  }

  public static Architecture hunyuan(ModelConfig config) {
    return hunyuan(config, HUNYUAN);
  }

  /** HunYuan-VL's language model, which turns queries and keys in fp32. */
  public static Architecture hunyuanVl(ModelConfig config) {
    return hunyuan(config, HUNYUAN_VL);
  }

  private static Architecture hunyuan(ModelConfig config, ModelTraits traits) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return decoder(config, shape)
        .traits(traits)
        .mixer(
            () ->
                attention(config, shape)
                    .bias(bias, bias)
                    .headNorms(Norm.Type.RMS, "query_layernorm", "key_layernorm")
                    .build())
        .build();
  }

  /** MiniCPM: constants on embeddings, residuals and logits. */
  public static Architecture minicpm(ModelConfig config) {
    Shape shape = Shape.of(config);
    return decoder(config, shape)
        .scaledEmbedding()
        .scaledResidual()
        .traits(MINICPM)
        .head(head -> head.scaled())
        .build();
  }

  private static DecoderBuilder biased(
      ModelConfig config, Shape shape, boolean qkvBias, boolean outputBias) {
    return decoder(config, shape)
        .mixer(() -> attention(config, shape).bias(qkvBias, outputBias).build());
  }

  /** A Llama decoder: no attention bias, gated MLP with the bias of {@code mlp_bias}. */
  public static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    boolean mlpBias = config.flag("mlp_bias", false);
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    return new DecoderBuilder(config, shape)
        .mixer(() -> attention(config, shape).build())
        .mlp(() -> Mlps.gated("mlp", shape.hidden(), intermediate, mlpBias, activation));
  }

  /** A decoder whose MLP has two projections. */
  static DecoderBuilder ungated(ModelConfig config, Shape shape, boolean bias, String activation) {
    long intermediate = config.size("intermediate_size");
    Activation between = Mlps.activation(config, "hidden_act", activation);
    return new DecoderBuilder(config, shape)
        .mlp(
            () ->
                Mlps.plain(
                    "mlp.up_proj", "mlp.down_proj", shape.hidden(), intermediate, bias, between));
  }

  public static AttentionBuilder attention(ModelConfig config, Shape shape) {
    return new AttentionBuilder(shape).dropout(config.number("attention_dropout", 0));
  }
}
