package dev.vramcast.answers.gpus;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.catalog.gpu.GpuRemark;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** {@link GpusReport} for programs. */
@Describes("GPUs of the catalogue.")
public record GpusRecord(@Describes("By name.") List<Card> gpus) {

  public static final String KIND = "gpus";

  /** A GPU. TFLOP/s are dense. */
  record Card(
      @Describes(Meaning.GPU) String name,
      @Describes("Who makes it.") String vendor,
      @Describes("Its generation, with the chip where the generation has several.")
          String architecture,
      @Describes("What code is compiled for: CUDA's compute capability, or ROCm's gfx target.")
          String computeCapability,
      @Describes("Before any context is there, as nvidia-smi and its like report it.")
          long memoryBytes,
      @Describes("The same in MiB.") long memoryMib,
      @Describes(
              "Whether the memory is what a driver reports, and not derived from what it is sold"
                  + " as.")
          boolean memoryReported,
      @Describes(
              "What the driver gives to programs on Linux, PyTorch's total_memory; null where no"
                  + " output of a program is known.")
          OptionalLong totalMemoryBytes,
      @Describes("The same on Windows.") OptionalLong totalMemoryWindowsBytes,
      @Describes("The number on the box.") int marketedGb,
      @Describes("What it is sold for.") GpuClass class_,
      @Describes("Of its memory, in GB/s; null where not known.") OptionalDouble bandwidthGbS,
      @Describes("With fp32 accumulation; those of fp16 where there is no bf16.")
          OptionalDouble bf16Tflops,
      @Describes("Null where it has none, or they are not known.") OptionalDouble fp8Tflops,
      @Describes("Null where it has none, or they are not known.") OptionalDouble nvfp4Tflops,
      @Describes("How it reaches others of its machine, for people.") String interconnect,
      @Describes("To a peer in the machine, one direction, in GB/s; null where not known.")
          OptionalDouble linkGbS,
      @Describes("Its power limit; null where not known.") OptionalInt watts,
      @Describes("How many of them a machine usually holds.") String usualNode,
      @Describes("Whether it multiplies in bf16.") boolean bf16,
      @Describes("Whether FlashAttention runs.") boolean flashAttention,
      @Describes("Whether it multiplies in fp8.") boolean fp8,
      @Describes("Which figures are cited, derived or recalled.") String standing,
      @Describes("What to know before the figures are used; may be empty.") String note,
      @Describes("Where each figure is from.") String source) {

    static Card of(Gpu gpu, GpuRemark remark) {
      return new Card(
          gpu.name(),
          gpu.vendor().label(),
          remark.architecture(),
          gpu.generation().target().label(),
          gpu.memory().bytes(),
          gpu.memory().mebibytes(),
          gpu.memory().reported(),
          gpu.memory().allocatable().linux(),
          gpu.memory().allocatable().windows(),
          gpu.memory().marketedGigabytes(),
          gpu.gpuClass(),
          gpu.throughput().memoryGigabytesPerSecond(),
          gpu.throughput().halfTeraflops(),
          gpu.throughput().fp8Teraflops(),
          gpu.throughput().nvfp4Teraflops(),
          gpu.interconnect().description(),
          gpu.interconnect().gigabytesPerSecond(),
          gpu.watts(),
          remark.usualNode(),
          gpu.abilities().bf16(),
          gpu.abilities().flashAttention(),
          gpu.abilities().fp8(),
          remark.standing(),
          remark.note(),
          remark.source());
    }
  }
}
