package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.weight.Dequantising.FourBits;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;
import dev.vramcast.core.units.Version;

/** Loads linear layers whose weights are stored in few bits, with the constants beside them. */
public final class QuantisedWeights {

  /** Elements that share one constant: bitsandbytes {@code quantize_4bit}. */
  private static final long BLOCK_4BIT = 64;

  /** Constants that share one constant of the second quantisation. */
  private static final long NESTED_BLOCK = 256;

  /** First release that quantises weights in the dtype that they have. */
  private static final Version KEEPS_DTYPE = Version.of(0, 43);

  /** First release whose 4-bit product does not keep its input. */
  private static final Version NO_HELD_INPUT = new Version(0, 43, 2);

  /** First release whose 8-bit product keeps no second copy of its input. */
  private static final Version ROWS_ALONE = Version.of(0, 45);

  /** First release that unpacks a weight inside one operation with its product. */
  private static final Version ONE_OPERATION = Version.of(0, 50);

  /** Elements that share one 8-bit exponent: OCP Microscaling MX specification. */
  private static final long MX_BLOCK = 32;

  private static final long NV_BLOCK = 16;

  private final Graph graph;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Quantization quantization;
  private int stack = 1;
  private boolean routed;

  public QuantisedWeights(Graph graph, StepSettings settings, Sharding sharding) {
    this.graph = graph;
    this.sharding = sharding;
    this.settings = settings;
    this.quantization = settings.job().quantization();
  }

  public boolean covers(Linear linear) {
    return !quantization.isNone()
        && !quantization.scheme().ofStacksAlone()
        && !linear.kept()
        && (!quantization.byBitsandbytes() || settings.code().quantisesLinears());
  }

  /** What PEFT puts around a quantised linear that carries an adapter. */
  public LinearAdapter.Wrapping wrapping() {
    return switch (quantization.scheme()) {
      case NF4, FP4 ->
          quantization.byBitsandbytes()
              ? LinearAdapter.Wrapping.CLONING
              : LinearAdapter.Wrapping.PLAIN;
      case INT8 ->
          quantization.byBitsandbytes()
              ? LinearAdapter.Wrapping.SPARING
              : LinearAdapter.Wrapping.PLAIN;
      case AWQ_INT4 -> LinearAdapter.Wrapping.SPARING;
      case AQLM_2BIT -> LinearAdapter.Wrapping.ADDING;
      case NONE, GPTQ_INT4, GPTQ_INT8, FP8, MXFP4, NVFP4 -> LinearAdapter.Wrapping.PLAIN;
    };
  }

  public BaseLinear load(Linear linear) {
    return load(linear, Category.ACTIVATIONS);
  }

  /**
   * Whether the head is made of four bits too, as a linear among others; only losses that call it
   * are known to find that.
   */
  public boolean coversHead(Linear linear) {
    LossKernel loss = settings.job().loss();
    return settings.framework().is(LayerCode.QUANTISES_HEAD)
        && (loss == LossKernel.FULL || loss == LossKernel.CHUNKED)
        && covers(linear);
  }

  /** Loads the head. */
  public BaseLinear loadHead(Linear linear) {
    return load(linear, Category.LOGITS_AND_LOSS);
  }

  private BaseLinear load(Linear linear, Category category) {
    long weight = linear.weightCount();
    BaseLinear base =
        switch (quantization.scheme()) {
          case NONE, NVFP4 -> throw new IllegalStateException("not quantised");
          case NF4, FP4 -> fourBit(linear, category);
          case INT8 -> {
            eightBit(weight, linear.in());
            yield new Int8Linear(linear, settings.computeDtype(), keepsColumns());
          }
          case GPTQ_INT4 -> grouped(linear, 8);
          case GPTQ_INT8 -> grouped(linear, 4);
          case AWQ_INT4 -> activationAware(linear);
          case AQLM_2BIT -> codebook(linear);
          case FP8 -> {
            weight(DataType.FP8, weight);
            store(DataType.FP32, Math.max(1, weight / (128 * 128)));
            yield inCompute(linear);
          }
          case MXFP4 -> {
            weight(DataType.UINT8, weight / 2);
            store(DataType.UINT8, weight / MX_BLOCK);
            yield inCompute(linear);
          }
        };
    if (linear.bias()) {
      sharding.parameter(
          new ParameterSpec(
              "biases",
              Category.WEIGHTS,
              linear.out(),
              1,
              settings.job().weightDtype(),
              false,
              routed,
              1));
    }
    return base;
  }

  /** bitsandbytes {@code Params4bit} and its {@code QuantState}. */
  private BaseLinear fourBit(Linear linear, Category category) {
    long scratch = fourBit(linear.weightCount());
    return new QuantisedLinear(
        linear,
        new FourBits(linear.weightCount(), scratch, unpacked(), inOne()),
        holdsInput(),
        category,
        settings.computeDtype());
  }

  /**
   * A parameter in four bits, with its constants (bitsandbytes/nn/parametrize.py
   * replace_parameter_4bit).
   *
   * @return fp32 constants that are unpacked before the weight is
   */
  public long fourBit(long weight) {
    long blocks = Rounding.ceilDivide(weight, BLOCK_4BIT);
    weight(DataType.UINT8, Rounding.ceilDivide(weight, 2));
    store(DataType.FP32, 16);
    if (quantization.doubleQuant()) {
      store(DataType.UINT8, blocks);
      store(DataType.FP32, Rounding.ceilDivide(blocks, NESTED_BLOCK));
      store(DataType.FP32, 256);
      store(DataType.FP32, 1);
    } else {
      store(DataType.FP32, blocks);
    }
    return quantization.doubleQuant() ? blocks : 0;
  }

  /**
   * A parameter in eight bits with a scale for each row (bitsandbytes/functional.py
   * int8_vectorwise_quant).
   *
   * @param row elements of a row
   */
  public void eightBit(long weight, long row) {
    weight(DataType.INT8, weight);
    store(DataType.FP32, weight / row);
  }

  /**
   * Matrices of experts in one parameter, with a scale for 16 numbers and one for each matrix
   * (torchao NVFP4Tensor).
   */
  public void nvfp4(long weight, long matrices) {
    weight(DataType.UINT8, weight / 2);
    weight(DataType.FP8, weight / NV_BLOCK);
    store(DataType.FP32, matrices);
    if (quantization.readsPacked()) {
      // Marlin's scales are others, and the backward pass reads those of the checkpoint
      // (axolotl scattermoe_lora/marlin_w4a16/backend.py _cached_prep).
      weight(DataType.FP8, weight / NV_BLOCK);
      store(DataType.FP32, matrices);
    }
  }

  /** bitsandbytes/nn/modules.py Params4bit.cuda: until 0.42 of {@code self.data.half()}. */
  private DataType unpacked() {
    boolean halves =
        quantization.byBitsandbytes()
            && (settings.framework().is(LayerCode.QUANTISES_HALVES)
                || settings.job().framework().bitsandbytes().compareTo(KEEPS_DTYPE) < 0);
    return halves ? DataType.FP16 : settings.job().weightDtype();
  }

  private boolean holdsInput() {
    return quantization.byBitsandbytes()
        && settings.job().framework().bitsandbytes().compareTo(NO_HELD_INPUT) < 0;
  }

  private boolean inOne() {
    return quantization.byBitsandbytes()
        && settings.job().framework().bitsandbytes().compareTo(ONE_OPERATION) >= 0;
  }

  /** bitsandbytes/autograd/_functions.py: until 0.45 the input was quantised by columns as well. */
  private boolean keepsColumns() {
    return quantization.byBitsandbytes()
        && settings.job().framework().bitsandbytes().compareTo(ROWS_ALONE) < 0;
  }

  /** awq/modules/linear/gemm.py WQLinear_GEMM: packed integers, zeros and scales per group. */
  private BaseLinear activationAware(Linear linear) {
    long groups = quantization.groups(linear.in());
    weight(DataType.INT32, linear.weightCount() / 8);
    weight(DataType.INT32, groups * linear.out() / 8);
    store(DataType.FP16, groups * linear.out());
    return new AwqLinear(linear, settings);
  }

  /** aqlm/inference.py QuantizedLinear: a code for each group of weights, and scales of rows. */
  private BaseLinear codebook(Linear linear) {
    DataType dtype = settings.job().weightDtype();
    weight(DataType.INT16, linear.weightCount() / CodebookLinear.GROUP);
    weight(dtype, CodebookLinear.codebook());
    store(dtype, linear.out());
    return new CodebookLinear(linear, dtype);
  }

  private QuantisedLinear inCompute(Linear linear) {
    DataType dtype = settings.computeDtype();
    FourBits weight = new FourBits(linear.weightCount(), 0, dtype, false);
    return new QuantisedLinear(linear, weight, false, Category.ACTIVATIONS, dtype);
  }

  /** AutoGPTQ's packed integers, zeros and scales per group, and group index. */
  private BaseLinear grouped(Linear linear, long valuesPerInt32) {
    long groups = quantization.groups(linear.in());
    weight(DataType.INT32, linear.weightCount() / valuesPerInt32);
    weight(DataType.INT32, groups * linear.out() / valuesPerInt32);
    store(DataType.FP16, groups * linear.out());
    store(DataType.INT32, linear.in());
    return inCompute(linear);
  }

  /** Whether what is loaded from now on belongs to routed experts. */
  public void routed(boolean value) {
    routed = value;
  }

  /** Each tensor loaded from now on stands for that many. */
  public void stack(int count) {
    stack = count;
  }

  /** A parameter, which is divided among ranks where parameters are. */
  private void weight(DataType dtype, long elements) {
    sharding.parameter(
        new ParameterSpec(
            "quantised weights", Category.WEIGHTS, elements * stack, 1, dtype, false, routed, 1));
  }

  /** A constant beside it, which every rank has. */
  private void store(DataType dtype, long elements) {
    Parameter.whole(
        graph, "quantised weights", Category.WEIGHTS, elements * stack, dtype, false, 1);
  }
}
