package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One layer of the stack.
 *
 * @param beforeMixer norm of the mixer's input
 * @param afterMixer norm of the mixer's output, before the residual is added (Gemma 2, OLMo 2);
 *     after it for {@link Wiring#POST_RESIDUAL}
 * @param beforeMlp norm of the MLP's input
 * @param afterMlp norm of the MLP's output, as {@code afterMixer}
 * @param dropout what is dropped of what is added to the residual stream
 * @param scaledResidual what is added is first multiplied by a constant (Granite)
 */
public record DecoderLayer(
    Wiring wiring,
    TokenMixer mixer,
    Mlp mlp,
    Optional<Norm> beforeMixer,
    Optional<Norm> afterMixer,
    Optional<Norm> beforeMlp,
    Optional<Norm> afterMlp,
    Dropout dropout,
    boolean scaledResidual,
    LayerExtras extras) {

  /** How mixer and MLP are connected to the residual stream. */
  public enum Wiring {
    /** Mixer, then MLP, each with its own residual addition. */
    SEQUENTIAL,
    /** Both read the layer's input and are dropped out each, then added (GPT-NeoX, GPT-J, Phi). */
    PARALLEL,
    /** As parallel, with one dropout of their sum (Falcon). */
    PARALLEL_SUM,
    /** As sequential, with the norms after the additions (BERT). */
    POST_RESIDUAL,
    /** As sequential, adding to what the norms give, each multiplied by a constant (MiniMax-01). */
    NORMED,
    /** A mixer alone, added to a residual stream in fp32 (Mamba 2). */
    WIDE,
    /**
     * As sequential, with outputs that live until what their gates leave of them is added, and rows
     * of text without an image left out of the second (Llama 3.2 Vision).
     */
    GATED
  }

  /**
   * Dropout of what is added to the residual stream.
   *
   * @param mixer probability on the mixer's output; empty where the code has no dropout there,
   *     which is not the same as one of 0: a module of that runs, and hooks on it do
   * @param mlp as {@code mixer}, on the MLP's output
   */
  public record Dropout(OptionalDouble mixer, OptionalDouble mlp) {

    /** No code drops anything. */
    public static final Dropout NONE = new Dropout(OptionalDouble.empty(), OptionalDouble.empty());

    /** Of both outputs. */
    public static Dropout ofBoth(double probability) {
      return new Dropout(OptionalDouble.of(probability), OptionalDouble.of(probability));
    }

    /** Of the mixer's output alone. */
    public static Dropout ofMixer(double probability) {
      return new Dropout(OptionalDouble.of(probability), OptionalDouble.empty());
    }

    /** Of the MLP's output alone. */
    public static Dropout ofMlp(double probability) {
      return new Dropout(OptionalDouble.empty(), OptionalDouble.of(probability));
    }
  }

  /** A sequential layer without norms, dropout and extras, save what is set. */
  public static DecoderLayerBuilder builder() {
    return new DecoderLayerBuilder();
  }

  /** This layer, save what is set. */
  public DecoderLayerBuilder toBuilder() {
    return new DecoderLayerBuilder(this);
  }
}
