package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.PerLayerInputs;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Gemma 4's language model: two head sizes, shared keys and values, inputs for every layer. */
public final class Gemma4 {

  private static final Norm.Type NORM = Norm.Type.RMS_BY_POWER;
  private static final String FULL = "full_attention";

  private static final ModelTraits TRAITS =
      Gemma3n.traits()
          .tablesByType(Versions.ALL)
          .liger(LigerTraits.ALL.apart().withoutRotary())
          .classes("Gemma4Text")
          .classHeads(Versions.NONE)
          .build();

  private final ModelConfig config;
  private final Shape sliding;
  private final Shape full;
  private final IntFunction<String> types;
  private final long firstShared;
  private final int perLayer;

  private Gemma4(ModelConfig config) {
    this.config = config;
    this.sliding = Shape.of(config, 256);
    this.full = fullShape(config, sliding);
    int last = sliding.layers() - 1;
    IntFunction<String> named =
        LayerTypes.of(
            config,
            sliding.layers(),
            layer -> LayerTypes.butEvery(6).test(layer) ? "sliding_attention" : FULL);
    this.types = layer -> layer == last ? FULL : named.apply(layer);
    this.firstShared = Gemma3n.firstShared(config, sliding, 0);
    this.perLayer = PerLayerInputs.size(config);
  }

  public static Architecture text(ModelConfig config) {
    return new Gemma4(config).read();
  }

  /**
   * The variant without encoders: no inputs for every layer, wider windows. Liger knows nothing of
   * it.
   */
  public static Architecture unifiedText(ModelConfig config) {
    return text(Keys.withDefaults(
            config, Map.of("hidden_size_per_layer_input", 0, "sliding_window", 1024)))
        .reachedBy(LigerTraits.NONE);
  }

  private static Shape fullShape(ModelConfig config, Shape sliding) {
    boolean keysAreValues = config.flag("attention_k_eq_v", false);
    String key = "num_global_key_value_heads";
    int kvHeads =
        keysAreValues && config.optionalSize(key).isPresent()
            ? Shape.heads(config, key)
            : sliding.kvHeads();
    return Shape.of(
        config,
        sliding.hidden(),
        sliding.heads(),
        kvHeads,
        Math.toIntExact(config.size("global_head_dim", 512)),
        sliding.layers(),
        sliding.vocabulary());
  }

  private Architecture read() {
    boolean sparse = config.flag("enable_moe_block", false);
    LayerExtras extras =
        LayerExtras.NONE
            .perLayer(Optional.empty(), PerLayerInputs.layer(sliding.hidden(), perLayer))
            .others(List.of(), sparse ? sparseParameters() : List.of());
    return new DecoderBuilder(config, sliding)
        .norm(NORM)
        .preNorms("input_layernorm", "pre_feedforward_layernorm")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .scaledEmbedding()
        .head(head -> head.tiedByDefault().softcap(config.number("final_logit_softcapping", 0)))
        .mixer(this::attention)
        .mlp(sparse ? layer -> experts(layer) : layer -> mlp(layer))
        .layerExtras(layer -> extras)
        .extras(
            ModelExtras.perLayer(PerLayerInputs.table(config, sliding, perLayer), Optional.empty()))
        .traits(TRAITS)
        .build();
  }

  private Attention attention(int layer) {
    boolean isFull = isFull(layer);
    Shape shape = isFull ? full : sliding;
    boolean bias = config.flag("attention_bias", false);
    AttentionBuilder builder =
        Llama.attention(config, shape).bias(bias, bias).headNorms(NORM, "q_norm", "k_norm");
    Attention attention =
        (isFull
                ? builder.rotary(Rotary.Style.HALF, shape.headSize()).build()
                : builder.window(LayerTypes.window(config, 512)).build())
            .toBuilder()
                .handsOn(Gemma3n.handsOn(layer, firstShared, each -> isFull(each) ? 1 : 0))
                .build();
    if (layer >= firstShared) {
      return withProjections(attention, 1);
    }
    return isFull && config.flag("attention_k_eq_v", false)
        ? withProjections(attention, 2)
        : attention;
  }

  private boolean isFull(int layer) {
    return types.apply(layer).equals(FULL);
  }

  /** Without the value projection, or without key and value. */
  private static Attention withProjections(Attention attention, int projections) {
    return attention.toBuilder()
        .qkv(attention.qkv().subList(0, projections))
        .keyNorm(projections == 1 ? Optional.empty() : attention.keyNorm())
        .build();
  }

  private GatedMlp mlp(int layer) {
    boolean wide = config.flag("use_double_wide_mlp", false) && layer >= firstShared;
    long intermediate = config.size("intermediate_size") * (wide ? 2 : 1);
    return Mlps.gated("mlp", sliding.hidden(), intermediate, false, activation());
  }

  private Mlp experts(int layer) {
    return new MoeBuilder(
            config,
            sliding.hidden(),
            config.size("moe_intermediate_size"),
            "num_experts",
            "top_k_experts")
        .block("experts")
        .router("router.proj", false)
        .activation(activation())
        .fused("gate_up_proj", "down_proj")
        .shared(mlp(layer))
        .build();
  }

  private Activation activation() {
    return Mlps.activation(config, "hidden_activation", "gelu_pytorch_tanh");
  }

  private List<ParameterTensor> sparseParameters() {
    long hidden = sliding.hidden();
    List<ParameterTensor> tensors = new ArrayList<>();
    tensors.add(new ParameterTensor("router.scale", List.of(hidden), TensorGroup.ROUTER));
    tensors.add(
        new ParameterTensor(
            "router.per_expert_scale", List.of(config.size("num_experts")), TensorGroup.ROUTER));
    for (String norm :
        List.of(
            "post_feedforward_layernorm_1",
            "post_feedforward_layernorm_2",
            "pre_feedforward_layernorm_2")) {
      tensors.add(new ParameterTensor(norm + ".weight", List.of(hidden), TensorGroup.NORM));
    }
    return tensors;
  }
}
