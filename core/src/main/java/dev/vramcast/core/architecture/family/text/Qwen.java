package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Qwen 1 to 3, dense and sparse. */
public final class Qwen {

  private static final int MAX_WINDOW_LAYERS = 28;

  /** Of a layer that predicts further tokens (modeling_mimo.py, MiMoMTPLayers). */
  private static final List<String> PREDICTOR_NORMS =
      List.of(
          "input_layernorm",
          "post_attention_layernorm",
          "token_layernorm",
          "hidden_layernorm",
          "final_layernorm");

  /** The code that comes with Qwen 1 (modeling_qwen.py): no SDPA, logits of their own dtype. */
  private static final ModelTraits QWEN =
      ModelTraits.builder()
          .eagerOnly()
          .lossInOwnDtype(Versions.ALL)
          .classes("QWen")
          .layerClass("Block")
          .remoteCode()
          .build();

  private static final ModelTraits QWEN2 = qwen2Traits().liger(LigerTraits.ALL).build();

  /** Qwen2's classes below one of the model's own, of which Liger knows nothing. */
  private static final ModelTraits MIMO =
      qwen2Traits().classes("Qwen2").classHeads(Versions.NONE).remoteCode().build();

  private static final ModelTraits QWEN2_VL =
      qwen2Traits().liger(LigerTraits.ALL).classes("Qwen2VL").build();
  private static final ModelTraits QWEN2_5_VL =
      qwen2Traits().liger(LigerTraits.ALL).classes("Qwen2_5_VL").build();
  private static final ModelTraits QWEN2_MOE =
      qwen2Traits()
          .additiveMasks(Versions.until(5, 0))
          .ownSdpa(Versions.until(5, 0))
          .weights(Weights.USUAL.dropped(Versions.until(5, 0)))
          .rewritesTargets(Versions.until(5, 6).andSince(5, 0), MoeBuilder.PROJECTIONS)
          .sharedFirst(Versions.since(5, 0))
          .build();
  private static final ModelTraits QWEN3 = ModelTraits.builder().liger(LigerTraits.ALL).build();
  private static final ModelTraits QWEN3_MOE = qwen3MoeTraits().liger(LigerTraits.ALL).build();

  /** Liger knows nothing of it. */
  private static final ModelTraits QWEN3_OMNI_MOE =
      qwen3MoeTraits().liger(LigerTraits.NONE).classes("Qwen3OmniMoeThinkerText").build();

  private static final ModelTraits QWEN3_VL =
      ModelTraits.builder().liger(LigerTraits.ALL.withoutMlp()).classes("Qwen3VLText").build();
  private static final ModelTraits QWEN3_VL_MOE =
      ModelTraits.builder()
          .routerBehindExperts(Versions.since(5, 0))
          .liger(LigerTraits.ALL)
          .classes("Qwen3VLMoeText")
          .build();

  private Qwen() {}

  private static ModelTraitsBuilder qwen3MoeTraits() {
    return ModelTraits.builder()
        .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
        .routerBehindExperts(Versions.since(5, 0));
  }

  private static ModelTraitsBuilder qwen2Traits() {
    return ModelTraits.builder()
        .repeatsBeforeFlash(Versions.until(4, 48))
        .rotaryLayerTables(Versions.until(4, 45))
        .tablesByLayer(Versions.until(4, 45));
  }

  /** Qwen 1: {@code intermediate_size} counts gate and up together. */
  public static Architecture qwen(ModelConfig config) {
    long hidden = config.size("hidden_size");
    int heads = Shape.heads(config, "num_attention_heads");
    Shape shape =
        Shape.of(
                config,
                hidden,
                heads,
                heads,
                Math.toIntExact(config.size("kv_channels", 128)),
                Shape.layers(config, "num_hidden_layers"),
                config.size("vocab_size"))
            .withMaxPositions(
                config.count("seq_length", config.count("max_position_embeddings", 0)));
    Shape.divides(config, 2, "gate and up", config.size("intermediate_size"), "intermediate size");
    long intermediate = config.size("intermediate_size") / 2;
    boolean bias = !config.flag("no_bias", true);
    var attention =
        new AttentionBuilder(shape)
            .path("attn")
            .names("c_attn")
            .outputName("c_proj")
            .bias(true, bias)
            .dropout(config.number("attn_dropout_prob", 0))
            .build();
    var mlp = Mlps.gated("mlp", "w2", "w1", "c_proj", hidden, intermediate, bias, Activation.SILU);
    return new DecoderBuilder(config, shape)
        .paths("transformer.wte", "transformer.h", "transformer.ln_f", "lm_head")
        .preNorms("ln_1", "ln_2")
        .mixer(layer -> attention)
        .mlp(layer -> mlp)
        .traits(QWEN)
        .build();
  }

  public static Architecture qwen2(ModelConfig config) {
    return qwen2(config, Shape.of(config)).build();
  }

  /** Qwen2.5-Omni's language model, of which Liger knows nothing. */
  public static Architecture qwen25Omni(ModelConfig config) {
    return qwen2(config).reachedBy(LigerTraits.NONE);
  }

  /**
   * MiMo 7B: Qwen2 with layers that predict further tokens, which its {@code forward} does not call
   * (modeling_mimo.py of the model's repository, MiMoModel: Qwen2's beside {@code mtp_layers}).
   */
  public static Architecture mimo(ModelConfig config) {
    Shape shape = Shape.of(config);
    List<Linear> linears = new ArrayList<>();
    List<Norm> norms = new ArrayList<>();
    for (long layer = 0; layer < config.count("num_nextn_predict_layers", 0); layer++) {
      addPredictor(config, shape, "model.mtp_layers." + layer + ".", linears, norms);
    }
    return qwen2(config, shape).traits(MIMO).extras(ModelExtras.idle(linears, norms)).build();
  }

  /** A Qwen2 layer behind what joins a token's embedding and the hidden state before it. */
  private static void addPredictor(
      ModelConfig config, Shape shape, String path, List<Linear> linears, List<Norm> norms) {
    long hidden = shape.hidden();
    linears.add(new Linear(path + "input_proj", 2 * hidden, hidden, false));
    var layer = Llama.attention(config, shape).path(path + "self_attn").bias(true, false).build();
    linears.addAll(layer.linears());
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    linears.addAll(Mlps.gated(path + "mlp", hidden, intermediate, false, activation).linears());
    for (String name : PREDICTOR_NORMS) {
      norms.add(new Norm(path + name, Norm.Type.RMS, hidden, true, false));
    }
  }

  /** Qwen2-VL's language model. */
  public static Architecture qwen2Vl(ModelConfig config) {
    return qwen2(config, Shape.of(config)).traits(QWEN2_VL).build();
  }

  /** Qwen2.5-VL's language model. */
  public static Architecture qwen25Vl(ModelConfig config) {
    return qwen2(config, Shape.of(config)).traits(QWEN2_5_VL).build();
  }

  /** Qwen3-VL's language model. */
  public static Architecture qwen3Vl(ModelConfig config) {
    return qwen3(config, Shape.of(config, 128)).traits(QWEN3_VL).build();
  }

  public static Architecture qwen3(ModelConfig config) {
    return qwen3(config, Shape.of(config, 128)).traits(QWEN3).build();
  }

  public static Architecture qwen2Moe(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("qkv_bias", true);
    IntUnaryOperator windows = windows(config, shape);
    return Llama.decoder(config, shape)
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(bias, false)
                    .window(windows.applyAsInt(layer))
                    .build())
        .mlp(sparse(config, shape, sharedExpertBlock(config, shape).normalisedWhereAsked()))
        .traits(QWEN2_MOE)
        .build();
  }

  public static Architecture qwen3Moe(ModelConfig config) {
    Shape shape = Shape.of(config);
    MoeBuilder block = block(config, shape).normalisedWhereAsked();
    return qwen3(config, shape).mlp(sparse(config, shape, block)).traits(QWEN3_MOE).build();
  }

  /** Qwen3-Omni's language model. */
  public static Architecture qwen3OmniMoe(ModelConfig config) {
    Shape shape = Shape.of(config);
    MoeBuilder block = block(config, shape);
    return qwen3(config, shape).mlp(sparse(config, shape, block)).traits(QWEN3_OMNI_MOE).build();
  }

  /** Qwen3-VL-MoE's language model: one tensor for all experts of a layer. */
  public static Architecture qwen3VlMoe(ModelConfig config) {
    Shape shape = Shape.of(config);
    MoeBuilder block = block(config, shape).fused("experts.gate_up_proj", "experts.down_proj");
    return qwen3(config, shape).mlp(sparse(config, shape, block)).traits(QWEN3_VL_MOE).build();
  }

  private static DecoderBuilder qwen2(ModelConfig config, Shape shape) {
    IntUnaryOperator windows = windows(config, shape);
    return Llama.decoder(config, shape)
        .traits(QWEN2)
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(true, false)
                    .window(windows.applyAsInt(layer))
                    .build());
  }

  private static DecoderBuilder qwen3(ModelConfig config, Shape shape) {
    IntUnaryOperator windows = windows(config, shape);
    return Llama.decoder(config, shape)
        .mixer(layer -> attention(config, shape).window(windows.applyAsInt(layer)).build());
  }

  /** Biases as {@code attention_bias} says, and norms over the features of each head. */
  static AttentionBuilder attention(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", false);
    return Llama.attention(config, shape)
        .bias(bias, bias)
        .headNorms(Norm.Type.RMS, "q_norm", "k_norm");
  }

  /** {@code use_sliding_window} gives a window to the layers from {@code max_window_layers} on. */
  private static IntUnaryOperator windows(ModelConfig config, Shape shape) {
    int window = config.flag("use_sliding_window", false) ? LayerTypes.window(config, 4096) : 0;
    long first = config.count("max_window_layers", MAX_WINDOW_LAYERS);
    return LayerTypes.windows(
        config, shape.layers(), window, layer -> window > 0 && layer >= first);
  }

  /** Routed experts without a shared one. */
  static MoeBuilder block(ModelConfig config, Shape shape) {
    long intermediate = config.size("moe_intermediate_size");
    return new MoeBuilder(
            config, shape.hidden(), intermediate, "num_experts", "num_experts_per_tok")
        .balanced()
        .activation(Mlps.activation(config, "hidden_act", "silu"));
  }

  /** Routed experts and a shared one scaled by a gate. */
  public static MoeBuilder sharedExpertBlock(ModelConfig config, Shape shape) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long shared = config.size("shared_expert_intermediate_size");
    return block(config, shape)
        .shared(Mlps.gated("mlp.shared_expert", shape.hidden(), shared, false, activation))
        .sharedGate("shared_expert_gate");
  }

  /** Experts in every {@code decoder_sparse_step}-th layer but {@code mlp_only_layers}. */
  public static IntFunction<Mlp> sparse(ModelConfig config, Shape shape, MoeBuilder block) {
    List<Integer> dense =
        config.list("mlp_only_layers").stream()
            .filter(Number.class::isInstance)
            .map(layer -> ((Number) layer).intValue())
            .toList();
    long step = config.size("decoder_sparse_step", 1);
    IntPredicate isSparse =
        layer -> !dense.contains(layer) && !LayerTypes.butEvery(step).test(layer);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp experts = block.build();
    return layer ->
        isSparse.test(layer)
            ? experts
            : Mlps.gated(
                "mlp", shape.hidden(), config.size("intermediate_size"), false, activation);
  }
}
