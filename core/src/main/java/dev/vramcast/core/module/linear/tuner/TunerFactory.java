package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.module.linear.LinearAdapter;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts adapters of PEFT whose parameters are vectors and factors on linears.
 *
 * @param unified one layer of PEFT is for all kinds of base (VeRA and MiSS since 0.20)
 * @param parameters makes what is trained
 */
public record TunerFactory(AdapterSettings adapter, boolean unified, Parameters parameters) {

  /** Makes parameters on the module that is built. */
  @FunctionalInterface
  public interface Parameters {

    /**
     * A parameter.
     *
     * @param name below the module
     * @param code that uses it
     */
    Parameter make(String name, String code, long elements, long rows);
  }

  /** The adapter on a linear. */
  public LinearAdapter onLinear(Linear linear, LinearAdapter.Wrapping wrapping) {
    return switch (adapter.form()) {
      case SCALING -> scaling(linear, wrapping);
      case SHARED -> shared(linear, wrapping);
      case HADAMARD -> new MadeAdapter(hadamard(linear), linear.in(), linear.out());
      case KRONECKER -> new MadeAdapter(kronecker(linear), linear.in(), linear.out());
      case BLOCK_SUMS -> blockSums(linear, wrapping);
      case LOW_RANK, DORA, ROTATION -> throw new IllegalStateException(adapter.form().name());
    };
  }

  private ScalingAdapter scaling(Linear linear, LinearAdapter.Wrapping wrapping) {
    boolean ofInput = adapter.feedforward().stream().anyMatch(linear.name()::endsWith);
    String code = "peft/tuners/ia3/layer.py Linear.forward";
    Parameter factors =
        ofInput
            ? parameters.make("ia3_l", code, linear.in(), 1)
            : parameters.make("ia3_l", code, linear.out(), linear.out());
    return new ScalingAdapter(factors, ofInput, wrapping);
  }

  private SharedAdapter shared(Linear linear, LinearAdapter.Wrapping wrapping) {
    String code = "peft/tuners/vera/layer.py Linear.forward";
    Parameter outer = parameters.make("vera_lambda_b", code, linear.out(), 1);
    Parameter inner = parameters.make("vera_lambda_d", code, adapter.rank(), 1);
    return new SharedAdapter(
        inner, outer, linear.in(), linear.out(), adapter.dropout(), wrapping, unified);
  }

  private BlockSumAdapter blockSums(Linear linear, LinearAdapter.Wrapping wrapping) {
    String code = "peft/tuners/miss/layer.py MissLinear.forward";
    long rank = adapter.rank();
    Parameter block = parameters.make("miss_block", code, rank * linear.out(), rank);
    boolean clones = unified && wrapping == LinearAdapter.Wrapping.CLONING;
    return new BlockSumAdapter(block, linear.in(), linear.out(), rank, adapter.dropout(), clones);
  }

  private HadamardWeight hadamard(Linear linear) {
    String code = "peft/tuners/loha/layer.py LoHaLayer.get_delta_weight";
    long rank = adapter.rank();
    List<Parameter> factors = new ArrayList<>();
    for (String product : List.of("hada_w1", "hada_w2")) {
      factors.add(parameters.make(product + "_a", code, linear.out() * rank, linear.out()));
      factors.add(parameters.make(product + "_b", code, rank * linear.in(), rank));
    }
    return new HadamardWeight(factors, linear.out(), linear.in());
  }

  private KroneckerWeight kronecker(Linear linear) {
    String code = "peft/tuners/lokr/layer.py LoKrLayer.get_delta_weight";
    KroneckerWeight.Shape shape =
        KroneckerWeight.Shape.of(linear.in(), linear.out(), adapter.rank());
    long rank = shape.rank();
    Parameter left =
        parameters.make(
            "lokr_w1", code, shape.outerRows() * shape.outerColumns(), shape.outerRows());
    List<Parameter> right =
        rank == 0
            ? List.of(
                parameters.make("lokr_w2", code, shape.rows() * shape.columns(), shape.rows()))
            : List.of(
                parameters.make("lokr_w2_a", code, shape.rows() * rank, shape.rows()),
                parameters.make("lokr_w2_b", code, rank * shape.columns(), rank));
    return new KroneckerWeight(shape, left, right);
  }
}
