package dev.vramcast.formats.writers;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.core.hardware.Vendor;
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
