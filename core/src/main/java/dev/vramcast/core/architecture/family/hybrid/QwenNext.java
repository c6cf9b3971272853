package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.family.text.Qwen;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntFunction;

/** Qwen3-Next and Qwen3.5: gated delta networks, gated attention in every fourth layer. */
public final class QwenNext {

  private static final String PATH = "linear_attn.";

  private static final LigerTraits LIGER = LigerTraits.ALL.apart().withoutRotary();

  private static final ModelTraits NEXT =
      ModelTraits.builder()
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .sharedFirst(Versions.since(5, 0))
          .liger(LIGER)
          .build();
  private static final ModelTraits DENSE =
      ModelTraits.builder().liger(LIGER).classHeads(Versions.since(5, 3), Versions.NONE).build();
  private static final ModelTraits MOE =
      ModelTraits.builder()
          .sharedFirst(Versions.since(5, 0))
          .liger(LIGER)
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits LARA =
      DeepSeek.traits(Versions.NONE).classes("LaraMini").classHeads(Versions.NONE).build();

  private QwenNext() {}

  public static Architecture qwen3Next(ModelConfig config) {
    Shape shape = Shape.of(config, 256);
    DeltaSize size = DeltaSize.of(config);
    List<Linear> input =
        List.of(
            linear("in_proj_qkvz", shape, 2 * size.keys() + 2 * size.values()),
            linear("in_proj_ba", shape, 2L * size.valueHeads()));
    return decoder(config, shape, size.mixer(input, shape, Norm.Type.RMS))
        .mlp(Qwen.sparse(config, shape, Qwen.sharedExpertBlock(config, shape)))
        .traits(NEXT)
        .build();
  }

  public static Architecture qwen35(ModelConfig config) {
    Shape shape = Shape.of(config, 256);
    long intermediate = config.size("intermediate_size");
    var activation = Mlps.activation(config, "hidden_act", "silu");
    return decoder(config, shape, separate(config, shape))
        .mlp(() -> Mlps.gated("mlp", shape.hidden(), intermediate, false, activation))
        .traits(DENSE)
        .build();
  }

  public static Architecture qwen35Moe(ModelConfig config) {
    Shape shape = Shape.of(config, 256);
    var experts =
        Qwen.sharedExpertBlock(config, shape)
            .fused("experts.gate_up_proj", "experts.down_proj")
            .build();
    return decoder(config, shape, separate(config, shape))
        .mlp(layer -> experts)
        .traits(MOE)
        .build();
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape, RecurrentMixer recurrent) {
    long interval = config.size("full_attention_interval", 4);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            shape.layers(),
            layer ->
                LayerTypes.butEvery(interval).test(layer) ? "linear_attention" : "full_attention");
    boolean bias = config.flag("attention_bias", false);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.25);
    Attention attention =
        Llama.attention(config, shape)
            .bias(bias, bias)
            .outputGate()
            .headNorms(Norm.Type.RMS_ONE_PLUS_WEIGHT, "q_norm", "k_norm")
            .rotary(Rotary.Style.HALF, rotated)
            .build();
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_ONE_PLUS_WEIGHT)
        .mixer(layer -> types.apply(layer).equals("linear_attention") ? recurrent : attention);
  }

  /**
   * Lara Mini: mixers as Qwen3.5's, windows, layers that see all without positions, and an expert
   * that is always added.
   */
  public static Architecture laraMini(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    RecurrentMixer delta = separate(config, shape, Norm.Type.RMS_WEIGHT_IN_FP32);
    Attention full = laraAttention(config, shape, 0);
    Attention sliding = laraAttention(config, shape, LayerTypes.window(config, 512));
    IntFunction<String> types = LayerTypes.of(config, shape.layers(), QwenNext::laraType);
    Mlp experts =
        MoeBuilder.besideShared(config, shape, "mlp.shared_expert", 512, 4).balanced().build();
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            layer ->
                switch (types.apply(layer)) {
                  case "full_attention" -> full;
                  case "sliding_attention" -> sliding;
                  default -> delta;
                })
        .mlp(layer -> experts)
        .traits(LARA)
        .build();
  }

  private static String laraType(int layer) {
    return switch (layer % 5) {
      case 0, 2 -> "linear_attention";
      case 3 -> "full_attention";
      default -> "sliding_attention";
    };
  }

  private static Attention laraAttention(ModelConfig config, Shape shape, int window) {
    boolean bias = config.flag("attention_bias", false);
    return Llama.attention(config, shape)
        .bias(bias, bias)
        .headNorms(Norm.Type.RMS_WEIGHT_IN_FP32, "q_norm", "k_norm")
        .rotatedInWindow(window)
        .build();
  }

  /** Qwen3.5's mixer, with one input projection for each stream. */
  private static RecurrentMixer separate(ModelConfig config, Shape shape) {
    return separate(config, shape, Norm.Type.RMS);
  }

  private static RecurrentMixer separate(ModelConfig config, Shape shape, Norm.Type norm) {
    DeltaSize size = DeltaSize.of(config);
    List<Linear> input =
        List.of(
            linear("in_proj_qkv", shape, 2 * size.keys() + size.values()),
            linear("in_proj_z", shape, size.values()),
            linear("in_proj_b", shape, size.valueHeads()),
            linear("in_proj_a", shape, size.valueHeads()));
    return size.mixer(input, shape, norm);
  }

  private static Linear linear(String name, Shape shape, long out) {
    return new Linear(PATH + name, shape.hidden(), out, false);
  }

  /**
   * Sizes of a gated delta network.
   *
   * @param keys features of all keys, and of all queries
   * @param values features of all values
   * @param kernel tokens the convolution sees
   */
  private record DeltaSize(
      long keys, long values, long keyHeads, int valueHeads, int valueSize, long kernel) {

    static DeltaSize of(ModelConfig config) {
      long keyHeads = config.size("linear_num_key_heads", 16);
      long valueHeads = config.size("linear_num_value_heads", 32);
      Shape.divides(config, keyHeads, "linear key heads", valueHeads, "linear value heads");
      long keySize = config.size("linear_key_head_dim", 128);
      long valueSize = config.size("linear_value_head_dim", 128);
      return new DeltaSize(
          keyHeads * keySize,
          valueHeads * valueSize,
          keyHeads,
          Math.toIntExact(valueHeads),
          Math.toIntExact(valueSize),
          config.size("linear_conv_kernel_dim", 4));
    }

    RecurrentMixer mixer(List<Linear> input, Shape shape, Norm.Type norm) {
      return RecurrentMixer.builder()
          .kind(RecurrentMixer.Kind.GATED_DELTA)
          .heads(valueHeads)
          .headSize(valueSize)
          .innerSize(values)
          .stateStreams(2 * keys)
          .groups(keyHeads)
          .input(input)
          .output(new Linear(PATH + "out_proj", values, shape.hidden(), false))
          .norms(List.of(new Norm(PATH + "norm", norm, valueSize, true, false)))
          .others(
              List.of(
                  tensor("dt_bias", (long) valueHeads),
                  tensor("A_log", (long) valueHeads),
                  tensor("conv1d.weight", 2 * keys + values, 1L, kernel)))
          .build();
    }

    private static ParameterTensor tensor(String name, Long... shape) {
      return new ParameterTensor(PATH + name, List.of(shape), TensorGroup.ATTENTION);
    }
  }
}
