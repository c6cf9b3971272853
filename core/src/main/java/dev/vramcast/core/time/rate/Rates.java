package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.GIGA;
import static dev.vramcast.core.units.Multiples.TERA;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.units.DataType;

/**
 * What a GPU reaches with the kernels of a job.
 *
 * @param linear products of the layers, operations a second
 * @param head products behind the layers, operations a second
 * @param attention kernels of attention
 * @param memory bytes a second
 * @param traffic what kernels beside products move
 * @param kernels time of products and attention relative to the makers' kernels
 * @param peak the dense peak that utilisation refers to, operations a second
 */
public record Rates(
    double linear,
    double head,
    Attention attention,
    double memory,
    Traffic traffic,
    double kernels,
    double peak) {

  /**
   * Kernels of attention.
   *
   * @param speed relative to {@link Rates#head}, of long sequences and heads of 128 features
   * @param diagonal tokens that a query seems to see beside those that it sees
   * @param exponentials features of a head that take as long as its exponentials
   */
  public record Attention(double speed, double diagonal, double exponentials) {

    /** Operations of a model that take as long as those counted and all that is beside them. */
    public double operations(ModelWork work) {
      double seen = work.attention() + diagonal * work.queries();
      double features = work.queries() + exponentials * work.shapes().heads();
      return work.queries() == 0
          ? 0
          : seen * features / work.queries() / (1 + exponentials / Coefficients.HEAD);
    }
  }

  /**
   * What kernels beside products move.
   *
   * @param passes over the two large activations of a layer, forward and backward
   * @param logit bytes for each logit of a trained token
   * @param dequantised bytes for each weight and pass; 0 when the base is not quantised
   */
  public record Traffic(double passes, double logit, double dequantised) {

    private static Traffic of(ResolvedJob job, SpeedCoefficients all) {
      return new Traffic(Stack.of(job).passes(all), logitBytes(job, all), unpacked(job, all));
    }
  }

  /** TF32 runs at half of bf16 on tensor cores. */
  private static final double TF32 = 0.5;

  /**
   * The rates of a job on a GPU whose bandwidth and half-precision peak are known.
   *
   * @param type one that the GPU has a peak for
   */
  public static Rates of(ResolvedJob job, Gpu gpu, MatmulType type) {
    Throughput throughput = gpu.throughput();
    SpeedCoefficients all = throughput.coefficients();
    double half = products(job, gpu) * TERA;
    double head = half * throughput.efficiency();
    double peak =
        switch (type) {
          case PRECISION -> half;
          case FP8 -> throughput.fp8Teraflops().orElseThrow() * TERA;
          case NVFP4 -> throughput.nvfp4Teraflops().orElseThrow() * TERA;
        };
    double stock = Stack.of(job).isUserStack() ? all.of(SpeedCoefficient.FP8_STOCK) : 1;
    double linear =
        switch (type) {
          case PRECISION -> head;
          case FP8 -> peak * throughput.efficiency() * throughput.fp8() * stock;
          case NVFP4 -> peak * throughput.efficiency() * all.of(SpeedCoefficient.NVFP4);
        };
    return new Rates(
        linear,
        head,
        attention(job, throughput),
        throughput.memoryGigabytesPerSecond().orElseThrow() * GIGA,
        Traffic.of(job, all),
        stock(job, throughput),
        peak);
  }

  /**
   * 10^12 operations a second of products in the job's dtype. Before Ampere there is neither TF32
   * nor bf16 in matrix units: the driver computes bf16 in fp32 (pytorch#148322).
   */
  private static double products(ResolvedJob job, Gpu gpu) {
    Throughput throughput = gpu.throughput();
    double half = throughput.halfTeraflops().orElseThrow();
    boolean single = job.precision() == Precision.FP32;
    if (gpu.abilities().bf16()) {
      return single ? TF32 * half : half;
    }
    return single || job.computeDtype() == DataType.BF16
        ? throughput.singleTeraflops().orElseThrow()
        : half;
  }

  private static Attention attention(ResolvedJob job, Throughput throughput) {
    if (job.attention() == AttentionKernel.EAGER) {
      return new Attention(Coefficients.EAGER_ATTENTION, 0, 0);
    }
    SpeedCoefficient kernel = kernel(job, throughput.reached());
    double speed = throughput.coefficients().of(kernel);
    return switch (kernel) {
      case FLASH2, HOPPER_FLASH2, BLACKWELL_FLASH2 ->
          new Attention(speed, Coefficients.DIAGONAL, Coefficients.EXPONENTIALS);
      case CUDNN_ATTENTION ->
          new Attention(
              speed,
              Coefficients.DIAGONAL_LARGE,
              throughput.reached().isBlackwell()
                  ? Coefficients.EXPONENTIALS_BLACKWELL
                  : Coefficients.EXPONENTIALS_HOPPER);
      default -> new Attention(speed, 0, 0);
    };
  }

  private static SpeedCoefficient kernel(ResolvedJob job, MatmulClass reached) {
    if (job.frameworkCode().is(KernelCode.TRITON_ATTENTION)) {
      return SpeedCoefficient.TRITON_ATTENTION;
    }
    boolean cudnn = job.frameworkCode().is(KernelCode.CUDNN_ATTENTION) || Stack.runsMegatron(job);
    boolean flash = job.attention() == AttentionKernel.FLASH && Stack.of(job).isUserStack();
    return switch (reached) {
      case HOPPER -> cudnn ? SpeedCoefficient.CUDNN_ATTENTION : SpeedCoefficient.HOPPER_FLASH2;
      case BLACKWELL, BLACKWELL_ULTRA -> {
        if (cudnn) {
          yield SpeedCoefficient.CUDNN_ATTENTION;
        }
        yield flash ? SpeedCoefficient.BLACKWELL_FLASH2 : SpeedCoefficient.HOPPER_FLASH2;
      }
      case A100, H20, RTX, WORKSTATION, ADA_SERVER, L4 -> SpeedCoefficient.FLASH2;
      case MI300X, MI325X, CDNA4, T4, GAUDI2, GAUDI3, UNKNOWN -> SpeedCoefficient.ATTENTION;
    };
  }

  private static double logitBytes(ResolvedJob job, SpeedCoefficients all) {
    Stack stack = Stack.of(job);
    boolean fused =
        switch (job.loss()) {
          case FULL -> stack == Stack.TUNED;
          case CHUNKED -> stack == Stack.TUNED || stack == Stack.FUSED;
          case LIGER, CCE, TRITON -> true;
        };
    return all.of(fused ? SpeedCoefficient.LOGIT_BYTES_FUSED : SpeedCoefficient.LOGIT_BYTES);
  }

  private static double unpacked(ResolvedJob job, SpeedCoefficients all) {
    String holder = job.quantization().implementation();
    return switch (job.quantization().scheme()) {
      case NONE -> 0;
      case GPTQ_INT4, GPTQ_INT8, AWQ_INT4, AQLM_2BIT ->
          all.of(SpeedCoefficient.DEQUANTISED_BYTES_SLOW);
      case NF4, FP4, INT8, FP8, MXFP4, NVFP4 -> {
        if (holder.equals("torchao")) {
          yield all.of(SpeedCoefficient.DEQUANTISED_BYTES_SLOW);
        }
        boolean fused = job.frameworkCode().is(KernelCode.FUSED_DEQUANTISING);
        yield all.of(
            fused
                ? SpeedCoefficient.DEQUANTISED_BYTES_UNSLOTH
                : SpeedCoefficient.DEQUANTISED_BYTES);
      }
    };
  }

  /** Whether the weights are unpacked before each product. */
  public static boolean isQuantised(ResolvedJob job) {
    return job.quantization().scheme() != QuantizationScheme.NONE;
  }

  /** Where the makers' kernels are ahead of PyTorch's. */
  private static double stock(ResolvedJob job, Throughput throughput) {
    if (!Stack.of(job).isUserStack()) {
      return 1;
    }
    return switch (throughput.reached()) {
      case MI300X, MI325X -> throughput.coefficients().of(SpeedCoefficient.STOCK_CDNA3);
      case BLACKWELL, BLACKWELL_ULTRA ->
          throughput.coefficients().of(SpeedCoefficient.STOCK_BLACKWELL);
      default -> 1;
    };
  }
}
