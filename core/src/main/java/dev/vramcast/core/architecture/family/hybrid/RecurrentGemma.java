package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;

/** RecurrentGemma: two gated recurrent units, then attention in a window, and again. */
public final class RecurrentGemma {

  private static final String PATH = "temporal_block.";

  private static final ModelTraits TRAITS =
      ModelTraits.builder().classes("RecurrentGemma").classHeads(Versions.NONE).build();

  private RecurrentGemma() {}

  public static Architecture recurrentGemma(ModelConfig config) {
    Shape shape = Shape.of(config);
    List<?> period = config.list("block_types");
    int window = Math.toIntExact(config.size("attention_window_size", 2048));
    Attention attention =
        Llama.attention(config, shape)
            .path(PATH.substring(0, PATH.length() - 1))
            .bias(config.flag("attention_bias", false), true)
            .rotary(Rotary.Style.HALF, LayerTypes.rotaryDimensions(config, shape.headSize(), 0.5))
            .window(window)
            .build();
    RecurrentMixer unit = unit(config, shape);
    Mlp mlp =
        Mlps.gated(
            "mlp_block",
            shape.hidden(),
            config.size("intermediate_size", 3 * shape.hidden()) / 2,
            true,
            Mlps.activation(config, "hidden_activation", "gelu_pytorch_tanh"));
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_norm", "lm_head")
        .norm(Norm.Type.RMS_ONE_PLUS_WEIGHT)
        .preNorms("temporal_pre_norm", "channel_pre_norm")
        .scaledEmbedding()
        .head(head -> tied(head).softcap(config.number("logits_soft_cap", 30)))
        .mixer(layer -> attends(period, layer) ? attention : unit)
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }

  private static HeadBuilder tied(HeadBuilder head) {
    return head.tiedByDefault();
  }

  private static boolean attends(List<?> period, int layer) {
    return period.isEmpty()
        ? layer % 3 == 2
        : String.valueOf(period.get(layer % period.size())).contains("attention");
  }

  private static RecurrentMixer unit(ModelConfig config, Shape shape) {
    long hidden = shape.hidden();
    long width = config.optionalSize("lru_width").orElse(hidden);
    long heads = shape.heads();
    Shape.divides(config, heads, "heads", width, "features of the recurrent unit");
    long block = width / heads;
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.GATED_UNIT)
        .heads(shape.heads())
        .headSize(Math.toIntExact(block))
        .innerSize(width)
        .stateStreams(width)
        .input(
            List.of(
                new Linear(PATH + "linear_y", hidden, width, true),
                new Linear(PATH + "linear_x", hidden, width, true)))
        .output(new Linear(PATH + "linear_out", width, hidden, true))
        .others(
            List.of(
                tensor("conv_1d.weight", width, 1L, config.size("conv1d_width", 4)),
                tensor("conv_1d.bias", width),
                tensor("rg_lru.recurrent_param", width),
                tensor("rg_lru.input_gate_weight", heads, block, block),
                tensor("rg_lru.input_gate_bias", heads, block),
                tensor("rg_lru.recurrent_gate_weight", heads, block, block),
                tensor("rg_lru.recurrent_gate_bias", heads, block)))
        .build();
  }

  private static ParameterTensor tensor(String name, Long... shape) {
    return new ParameterTensor(PATH + name, List.of(shape), TensorGroup.ATTENTION);
  }
}
