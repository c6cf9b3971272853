package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntPredicate;

/** OLMo Hybrid: OLMo 3's attention in every fourth layer, gated delta networks in the others. */
public final class OlmoHybrid {

  private static final String PATH = "linear_attn.";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.TABLES_IN_FP32)
          .classes("OlmoHybrid")
          .classHeads(Versions.NONE)
          .build();

  private OlmoHybrid() {}

  public static Architecture olmoHybrid(ModelConfig config) {
    Shape shape = Shape.of(config);
    var types =
        LayerTypes.of(
            config,
            shape.layers(),
            layer -> layer % 4 == 3 ? "full_attention" : "linear_attention");
    IntPredicate attends = layer -> types.apply(layer).equals("full_attention");
    Attention attention = attention(config, shape);
    RecurrentMixer delta = delta(config, shape);
    return Llama.decoder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .preNorms(
            layer -> attends.test(layer) ? "" : "input_layernorm",
            layer -> attends.test(layer) ? "" : "post_attention_layernorm")
        .postNorms(
            layer -> attends.test(layer) ? "post_attention_layernorm" : "",
            layer -> attends.test(layer) ? "post_feedforward_layernorm" : "")
        .mixer(layer -> attends.test(layer) ? attention : delta)
        .traits(TRAITS)
        .build();
  }

  /** Rotated where the config has a base for it, which that of the published model has not. */
  private static Attention attention(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", false);
    boolean none =
        config.values().containsKey("rope_parameters")
            && config
                .nested("rope_parameters")
                .map(rope -> rope.values().get("rope_theta") == null)
                .orElse(true);
    return Llama.attention(config, shape)
        .bias(bias, bias)
        .fullNorms(Norm.Type.RMS_WEIGHT_IN_FP32, "q_norm", "k_norm")
        .rotary(none ? Rotary.Style.NONE : Rotary.Style.HALF)
        .build();
  }

  private static RecurrentMixer delta(ModelConfig config, Shape shape) {
    long keyHeads = config.size("linear_num_key_heads", shape.heads());
    long valueHeads = config.size("linear_num_value_heads", shape.heads());
    Shape.divides(config, keyHeads, "linear key heads", valueHeads, "linear value heads");
    long keySize = config.size("linear_key_head_dim", 3 * shape.hidden() / (4 * keyHeads));
    long valueSize = config.size("linear_value_head_dim", 2 * keySize);
    long keys = keyHeads * keySize;
    long values = valueHeads * valueSize;
    long kernel = config.size("linear_conv_kernel_dim", 4);
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.GATED_DELTA)
        .heads(Math.toIntExact(valueHeads))
        .headSize(Math.toIntExact(valueSize))
        .innerSize(values)
        .stateStreams(2 * keys)
        .groups(keyHeads)
        .scaled(config.flag("linear_allow_neg_eigval", true))
        .input(
            List.of(
                linear("q_proj", shape, keys),
                linear("k_proj", shape, keys),
                linear("v_proj", shape, values),
                linear("b_proj", shape, valueHeads),
                linear("a_proj", shape, valueHeads),
                linear("g_proj", shape, values)))
        .output(new Linear(PATH + "o_proj", values, shape.hidden(), false))
        .norms(List.of(new Norm(PATH + "o_norm", Norm.Type.RMS, valueSize, true, false)))
        .others(
            List.of(
                tensor("dt_bias", valueHeads),
                tensor("A_log", valueHeads),
                tensor("conv1d.weight", 2 * keys + values, 1L, kernel)))
        .build();
  }

  private static Linear linear(String name, Shape shape, long out) {
    return new Linear(PATH + name, shape.hidden(), out, false);
  }

  private static ParameterTensor tensor(String name, Long... shape) {
    return new ParameterTensor(PATH + name, List.of(shape), TensorGroup.ATTENTION);
  }
}
