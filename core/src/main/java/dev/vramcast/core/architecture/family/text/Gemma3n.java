package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.AltUp;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.PerLayerInputs;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Gemma 3n's language model: several residual streams (AltUp) and low-rank residuals (LAuReL). */
public final class Gemma3n {

  private static final Norm.Type NORM = Norm.Type.RMS_BY_POWER;

  private static final ModelTraits TRAITS =
      traits().classes("Gemma3nText").tablesByType(Versions.ALL).classHeads(Versions.NONE).build();

  private Gemma3n() {}

  /** Those of Gemma 3n and 4. */
  static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .scalesInEmbedding(Versions.ALL)
        .normalisesValues()
        .sharesKeysAndValues();
  }

  public static Architecture text(ModelConfig config) {
    Shape shape = Shape.of(config, 256);
    boolean bias = config.flag("attention_bias", false);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 512), LayerTypes.butEvery(5));
    IntToLongFunction intermediate = intermediate(config);
    LayerExtras extras =
        LayerExtras.NONE.perLayer(
            Optional.of(altUp(config, shape)),
            PerLayerInputs.layer(shape.hidden(), PerLayerInputs.size(config)));
    return new DecoderBuilder(config, shape)
        .norm(NORM)
        .preNorms("input_layernorm", "pre_feedforward_layernorm")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .scaledEmbedding()
        .head(head -> head.tiedByDefault().softcap(config.number("final_logit_softcapping", 30)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .headNorms(NORM, "q_norm", "k_norm")
                    .window(windows.applyAsInt(layer))
                    .build()
                    .toBuilder()
                    .borrows(borrows(config, shape, layer))
                    .handsOn(handsOn(config, shape, layer, windows))
                    .build())
        .mlp(layer -> mlp(config, shape, layer, intermediate.applyAsLong(layer)))
        .layerExtras(layer -> extras)
        .extras(
            ModelExtras.perLayer(
                PerLayerInputs.table(config, shape, PerLayerInputs.size(config)),
                Optional.of(ends(config, shape))))
        .traits(TRAITS)
        .build();
  }

  /**
   * The last layers have projections of keys and values in checkpoints, and in modules before 5.6
   * (Gemma3nTextAttention); in releases that have them, training without a cache uses them.
   */
  private static Versions borrows(ModelConfig config, Shape shape, int layer) {
    long first = firstShared(config, shape, 15);
    return layer >= first && first > 0 ? Versions.since(5, 6) : Versions.NONE;
  }

  /** The first layer that reads keys and values of another. */
  static long firstShared(ModelConfig config, Shape shape, int shared) {
    return shape.layers() - config.count("num_kv_shared_layers", shared);
  }

  /** None of a model in which no layer reads another's keys. */
  private static Versions handsOn(
      ModelConfig config, Shape shape, int layer, IntUnaryOperator windows) {
    long first = firstShared(config, shape, 15);
    return first == shape.layers() ? Versions.NONE : handsOn(layer, first, windows);
  }

  /**
   * The last layer of each kind in front of those that read another's, where there are any ({@code
   * kv_sharing_modes}); by a dictionary of the pass since 5.6, by the cache alone before.
   *
   * @param kinds a number for each kind of layer
   */
  static Versions handsOn(int layer, long firstShared, IntUnaryOperator kinds) {
    int kind = kinds.applyAsInt(layer);
    boolean last =
        IntStream.range(layer + 1, Math.toIntExact(Math.max(layer + 1, firstShared)))
            .noneMatch(later -> kinds.applyAsInt(later) == kind);
    return layer < firstShared && last ? Versions.since(5, 6) : Versions.NONE;
  }

  /** Where {@code activation_sparsity_pattern} has a share of gates to leave out, it is sparse. */
  private static GatedMlp mlp(ModelConfig config, Shape shape, int layer, long intermediate) {
    Activation activation = Mlps.activation(config, "hidden_activation", "gelu_pytorch_tanh");
    GatedMlp all = Mlps.gated("mlp", shape.hidden(), intermediate, false, activation);
    return leftOut(config, layer, shape.layers()) > 0 ? all.sparseGates() : all;
  }

  /**
   * The share of a layer's gates that are left out: 0.95 in the first ten layers of more where none
   * is said (configuration_gemma3n.py).
   */
  private static double leftOut(ModelConfig config, int layer, int layers) {
    if (config.values().get("activation_sparsity_pattern") instanceof List<?> shares) {
      return layer < shares.size() && shares.get(layer) instanceof Number share
          ? share.doubleValue()
          : 0;
    }
    return layers > 10 && layer < 10 ? 0.95 : 0;
  }

  private static IntToLongFunction intermediate(ModelConfig config) {
    if (config.values().get("intermediate_size") instanceof List<?> sizes) {
      return layer ->
          layer < sizes.size() && sizes.get(layer) instanceof Number size
              ? size.longValue()
              : 16_384;
    }
    long size = config.size("intermediate_size");
    return layer -> size;
  }

  private static AltUp altUp(ModelConfig config, Shape shape) {
    long hidden = shape.hidden();
    long streams = config.size("altup_num_inputs", 4);
    long rank = config.size("laurel_rank", 64);
    List<Long> size = List.of(hidden);
    return new AltUp(
        new Linear("altup.correction_coefs", streams, streams, false),
        new Linear("altup.prediction_coefs", streams, streams * streams, false),
        new Linear("altup.modality_router", hidden, streams, false),
        new Linear("laurel.linear_left", hidden, rank, false),
        new Linear("laurel.linear_right", rank, hidden, false),
        new ParameterTensor("altup.correct_output_scale", size, TensorGroup.NORM),
        new ParameterTensor("altup.router_norm.weight", size, TensorGroup.NORM),
        new ParameterTensor("laurel.post_laurel_norm.weight", size, TensorGroup.NORM));
  }

  private static AltUp.Ends ends(ModelConfig config, Shape shape) {
    int added = Math.toIntExact(config.size("altup_num_inputs", 4) - 1);
    return new AltUp.Ends(
        squares("model.altup_projections.", added, shape.hidden(), TensorGroup.EMBEDDING),
        squares("model.altup_unembed_projections.", added, shape.hidden(), TensorGroup.HEAD));
  }

  private static List<ParameterTensor> squares(
      String path, int count, long size, TensorGroup group) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ParameterTensor(path + i + ".weight", List.of(size, size), group))
        .toList();
  }
}
