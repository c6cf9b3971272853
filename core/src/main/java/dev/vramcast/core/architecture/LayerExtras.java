package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.tensor.HyperConnection;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a layer has beside norms, mixer and MLP.
 *
 * @param gates of what norms give to mixer and MLP
 * @param otherLinears projections that no part of a step runs, e.g. Nemotron's to latent experts
 * @param otherParameters named below the layer, to which no gradient comes: what a trainer moves by
 *     itself, e.g. Ernie's correction of scores (transformers modeling_ernie4_5_moe.py)
 */
public record LayerExtras(
    Optional<AltUp> altUp,
    Optional<PerLayerInput> perLayerInput,
    Optional<CrossBlock> cross,
    Optional<HyperConnection.Pair> hyper,
    InputGates gates,
    List<Linear> otherLinears,
    List<ParameterTensor> otherParameters) {

  /**
   * What the inputs of mixer and MLP are scaled by behind their norms, each empty for nothing (A.X
   * K2).
   */
  public record InputGates(Optional<Gate> mixer, Optional<Gate> mlp) {

    /** There are none. */
    public static final InputGates NONE = new InputGates(Optional.empty(), Optional.empty());

    List<Linear> linears() {
      return Stream.of(mixer, mlp)
          .flatMap(Optional::stream)
          .flatMap(gate -> Stream.of(gate.down(), gate.up()))
          .toList();
    }
  }

  /** A sigmoid in fp32 of two projections, through a low rank with a SiLU, of what it scales. */
  public record Gate(Linear down, Linear up) {}

  /** A layer of norms, mixer and MLP alone. */
  public static final LayerExtras NONE =
      new LayerExtras(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          InputGates.NONE,
          List.of(),
          List.of());

  public LayerExtras {
    otherLinears = List.copyOf(otherLinears);
    otherParameters = List.copyOf(otherParameters);
  }

  /** The same with what no part of a step runs. */
  public LayerExtras others(List<Linear> linears, List<ParameterTensor> parameters) {
    return new LayerExtras(altUp, perLayerInput, cross, hyper, gates, linears, parameters);
  }

  /** The same that looks at what an encoder has made, between mixer and MLP. */
  public LayerExtras crossing(CrossBlock block) {
    return new LayerExtras(
        altUp, perLayerInput, Optional.of(block), hyper, gates, otherLinears, otherParameters);
  }

  /** The same with connections between its streams of hidden states and its blocks. */
  public LayerExtras hyper(HyperConnection.Pair pair) {
    return new LayerExtras(
        altUp, perLayerInput, cross, Optional.of(pair), gates, otherLinears, otherParameters);
  }

  /** The same with what one stream of Gemma's has beside. */
  public LayerExtras perLayer(Optional<AltUp> streams, Optional<PerLayerInput> input) {
    return new LayerExtras(streams, input, cross, hyper, gates, otherLinears, otherParameters);
  }

  /** The same whose inputs of mixer and MLP are scaled behind their norms. */
  public LayerExtras gated(InputGates scaling) {
    return new LayerExtras(
        altUp, perLayerInput, cross, hyper, scaling, otherLinears, otherParameters);
  }

  /** All normalisations. */
  public List<Norm> norms() {
    List<Norm> norms = new ArrayList<>();
    cross.ifPresent(
        block -> {
          norms.add(block.before());
          norms.addAll(block.attention().norms());
        });
    return norms;
  }

  /** All projections. */
  public List<Linear> linears() {
    List<Linear> linears = new ArrayList<>();
    altUp.ifPresent(part -> linears.addAll(part.linears()));
    cross.ifPresent(part -> linears.addAll(part.attention().linears()));
    linears.addAll(gates.linears());
    linears.addAll(otherLinears);
    perLayerInput.ifPresent(part -> linears.addAll(part.linears()));
    return linears;
  }

  /** All parameters that are no projection's. */
  public List<ParameterTensor> parameters() {
    List<ParameterTensor> parameters = new ArrayList<>();
    altUp.ifPresent(part -> parameters.addAll(part.parameters()));
    hyper.ifPresent(part -> parameters.addAll(part.parameters()));
    parameters.addAll(otherParameters);
    perLayerInput.ifPresent(part -> parameters.add(part.norm()));
    return parameters;
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
