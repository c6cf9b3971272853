package dev.tunefit.formats.writers;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.hardware.Interconnect;
import dev.tunefit.core.hardware.MemorySize;
import dev.tunefit.core.hardware.Throughput;
import dev.tunefit.core.hardware.Vendor;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Cards to be named in launchers. */
final class Cards {

  private Cards() {}

  static Gpu gpu(String name, int gigabytes) {
    return new Gpu(
        name,
        Vendor.NVIDIA,
        "Ampere",
        "8.0",
        new MemorySize(gigabytes * 1024L, true, gigabytes),
        new Throughput(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()),
        new Interconnect("none", OptionalDouble.empty()),
        OptionalInt.empty(),
        true,
        true,
        false,
        "a test");
  }
}
