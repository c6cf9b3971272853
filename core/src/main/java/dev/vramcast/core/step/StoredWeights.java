package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;

/** What the weights of a frozen base take, without a trace. */
public final class StoredWeights {

  /** Elements that share one constant (bitsandbytes {@code quantize_4bit}). */
  private static final double BLOCK = 64;

  /**
   * Bytes of an element that an engine quantises: {@code quantize_4bit} with nested constants,
   * which vLLM turns to fp32 once all are loaded ({@code dequantize_dq} of
   * vllm/model_executor/model_loader/bitsandbytes_loader.py).
   */
  public static final double ENGINE_ELEMENT = 0.5 + Float.BYTES / BLOCK;

  private StoredWeights() {}

  /** Bytes of all weights as the job's policy stores them; layers alone are quantised. */
  public static long bytes(Architecture architecture, ResolvedJob job) {
    long all = Tensors.count(architecture);
    int dtype = job.weightDtype().bytes();
    if (job.quantization().isNone()) {
      return Math.multiplyExact(all, dtype);
    }
    long matrices =
        job.quantization().scheme().ofStacksAlone()
            ? Tensors.inLayers(architecture, StoredWeights::experts)
            : Tensors.inLayers(architecture, StoredWeights::matrices);
    return Math.round(matrices * element(job.quantization())) + (all - matrices) * dtype;
  }

  /**
   * Bytes of all weights of an engine that quantises what it loads: its linears and stacks of
   * experts, two elements a byte (vllm/model_executor/layers/quantization/bitsandbytes.py
   * create_weights of BitsAndBytesLinearMethod and BitsAndBytesMoEMethod), and the rest, embeddings
   * and output layer among it ({@code get_quant_method}), in 16 bits.
   */
  public static long inEngine(Architecture architecture) {
    long matrices = Tensors.inLayers(architecture, StoredWeights::matrices);
    long others = Tensors.count(architecture) - matrices;
    return Math.round(matrices * ENGINE_ELEMENT) + 2 * others;
  }

  private static double element(Quantization quantization) {
    return switch (quantization.scheme()) {
      case NONE -> throw new IllegalArgumentException("not quantised");
      case NF4, FP4 -> 0.5 + (quantization.doubleQuant() ? 1 : Float.BYTES) / BLOCK;
      case GPTQ_INT4, AWQ_INT4, MXFP4 -> 0.5 + 1.0 / 32;
      case AQLM_2BIT -> 0.25;
      case NVFP4 -> 0.5 + 1.0 / 16;
      case INT8, GPTQ_INT8, FP8 -> 1;
    };
  }

  private static long experts(DecoderLayer layer) {
    return layer.mlp() instanceof MixtureOfExperts mixture
        ? mixture.experts() * mixture.expertParameterCount()
        : 0;
  }

  private static long matrices(DecoderLayer layer) {
    Mlp mlp = layer.mlp();
    long mixer = layer.mixer().linears().stream().mapToLong(each -> each.weightCount()).sum();
    return Math.addExact(mixer, mlp.parameterCount());
  }
}
