package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Kimi Linear: a delta rule in most layers, latent attention without positions in the others; and
 * Ling 3, which is written after it.
 */
public final class KimiLinear {

  private static final String PATH = "self_attn.";

  private static final Map<String, String> NAMES =
      Map.of(
          "num_expert_group", "n_group",
          "num_experts", "n_routed_experts",
          "num_local_experts", "n_routed_experts",
          "num_experts_per_token", "num_experts_per_tok",
          "num_shared_experts", "n_shared_experts");

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "kv_lora_rank", 512,
          "qk_nope_head_dim", 128,
          "qk_rope_head_dim", 64,
          "v_head_dim", 128);

  private static final ModelTraits TRAITS =
      DeepSeek.traits().classes("KimiLinear").mixtureClass("MoE").classHeads(Versions.NONE).build();

  private static final Map<String, String> LING_NAMES =
      Map.of(
          "num_local_experts", "n_routed_experts",
          "num_experts", "n_routed_experts",
          "num_experts_per_token", "num_experts_per_tok",
          "num_shared_experts", "n_shared_experts",
          "model_max_length", "max_position_embeddings");

  /** Of BailingHybridConfig. */
  private static final Map<String, Object> LING_DEFAULTS =
      Map.ofEntries(
          Map.entry("kv_lora_rank", 512),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("v_head_dim", 128),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("moe_intermediate_size", 768));

  private static final ModelTraits LING =
      DeepSeek.traits()
          .rotary(RotaryCode.DEINTERLEAVED)
          .classes("BailingHybrid")
          .mixtureClass("MoE")
          .classHeads(Versions.NONE)
          .build();

  private KimiLinear() {}

  public static Architecture kimiLinear(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(Keys.renamed(given, NAMES), DEFAULTS);
    Shape shape = DeepSeek.latentShape(config);
    LatentAttention attention =
        DeepSeek.attention(config, shape).toBuilder().rotated(false).build();
    RecurrentMixer delta = delta(config, shape.hidden());
    IntFunction<String> types = types(config, shape.layers());
    IntFunction<Mlp> mlps = DeepSeek.sparse(config, shape, Scoring.SIGMOID, 1);
    return new DecoderBuilder(config, shape)
        .mixer(layer -> types.apply(layer).equals("linear_attention") ? delta : attention)
        .mlp(mlps)
        .head(HeadBuilder::neverTied)
        .traits(TRAITS)
        .build();
  }

  /** Ling 3: one latent attention with gates behind some delta rules with bounded decays. */
  public static Architecture ling(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(Keys.renamed(given, LING_NAMES), LING_DEFAULTS);
    if (!config.flag("kda_safe_gate", true)) {
      throw Gap.of("kda_safe_gate: false of a bailing_hybrid").refusal();
    }
    Shape shape = DeepSeek.latentShape(config);
    LatentAttention attention =
        DeepSeek.attention(config, shape).toBuilder()
            .gate(Optional.of(linear("g_proj", shape.hidden(), shape.heads())))
            .build();
    RecurrentMixer delta = boundedDelta(config, shape);
    long group = config.size("layer_group_size", 6);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            shape.layers(),
            layer -> (layer + 1) % group == 0 ? "full_attention" : "linear_attention");
    return new DecoderBuilder(config, shape)
        .mixer(layer -> types.apply(layer).equals("linear_attention") ? delta : attention)
        .mlp(DeepSeek.sparse(config, shape, Scoring.SIGMOID, 2))
        .head(HeadBuilder::neverTied)
        .traits(LING)
        .build();
  }

  private static RecurrentMixer boundedDelta(ModelConfig config, Shape shape) {
    long hidden = shape.hidden();
    long size = config.size("head_dim", 128);
    long inner = shape.heads() * size;
    long kernel = config.size("short_conv_kernel_size", 4);
    return delta(
        RecurrentMixer.Kind.BOUNDED_CHANNEL_DELTA,
        hidden,
        shape.heads(),
        size,
        kernel,
        List.of(
            linear("forget_gate.f_proj", hidden, inner),
            linear("b_proj", hidden, shape.heads()),
            linear("g_proj", hidden, inner)));
  }

  /**
   * {@code layer_types}, or the numbers of layers from 1 that published configs have, which
   * Transformers reads where both lists are there (kimi_linear/configuration_kimi_linear.py).
   */
  private static IntFunction<String> types(ModelConfig config, int layers) {
    List<?> full =
        config
            .nested("linear_attn_config")
            .filter(part -> !part.list("kda_layers").isEmpty())
            .map(part -> part.list("full_attn_layers"))
            .orElse(List.of());
    return LayerTypes.of(
        config, layers, layer -> isFull(full, layer) ? "full_attention" : "linear_attention");
  }

  private static boolean isFull(List<?> full, int layer) {
    return full.isEmpty()
        ? layer > 0 && layer % 4 == 0
        : full.stream().anyMatch(each -> each instanceof Number n && n.longValue() == layer + 1);
  }

  private static RecurrentMixer delta(ModelConfig config, long hidden) {
    ModelConfig part = config.nested("linear_attn_config").orElse(config);
    long heads = Keys.optionalSize(part, "num_heads", "linear_num_heads").orElse(32L);
    long size = Keys.optionalSize(part, "head_dim", "linear_head_dim").orElse(128L);
    long kernel =
        Keys.optionalSize(part, "short_conv_kernel_size", "linear_conv_kernel_dim").orElse(4L);
    long inner = heads * size;
    return delta(
        RecurrentMixer.Kind.CHANNEL_DELTA,
        hidden,
        heads,
        size,
        kernel,
        List.of(
            linear("forget_gate.f_a_proj", hidden, size),
            linear("forget_gate.f_b_proj", size, inner),
            linear("b_proj", hidden, heads),
            linear("g_a_proj", hidden, size),
            linear("g_b_proj", size, inner)));
  }

  /**
   * A delta rule.
   *
   * @param gates what is projected behind queries, keys and values
   */
  private static RecurrentMixer delta(
      RecurrentMixer.Kind kind,
      long hidden,
      long heads,
      long size,
      long kernel,
      List<Linear> gates) {
    long inner = heads * size;
    List<Linear> input = new ArrayList<>();
    for (String name : List.of("q_proj", "k_proj", "v_proj")) {
      input.add(linear(name, hidden, inner));
    }
    input.addAll(gates);
    return RecurrentMixer.builder()
        .kind(kind)
        .heads(Math.toIntExact(heads))
        .headSize(Math.toIntExact(size))
        .innerSize(inner)
        .stateStreams(2 * inner)
        .groups(heads)
        .input(input)
        .output(linear("o_proj", inner, hidden))
        .norms(List.of(new Norm(PATH + "o_norm", Norm.Type.RMS_WEIGHT_IN_FP32, size, true, false)))
        .others(
            List.of(
                tensor("forget_gate.dt_bias", inner),
                tensor("forget_gate.A_log", heads),
                tensor("conv1d.weight", 3 * inner, 1L, kernel)))
        .build();
  }

  private static Linear linear(String name, long in, long out) {
    return new Linear(PATH + name, in, out, false);
  }

  private static ParameterTensor tensor(String name, Long... shape) {
    return new ParameterTensor(PATH + name, List.of(shape), TensorGroup.ATTENTION);
  }
}
