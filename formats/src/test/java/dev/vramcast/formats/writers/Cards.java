package dev.vramcast.formats.writers;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.core.hardware.Vendor;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Cards to be named in launchers. */
final class Cards {

  private Cards() {}

  static Gpu gpu(String name, int gigabytes) {
    Link link =
        new Link(
            "none",
            Link.Kind.PCIE,
            OptionalDouble.empty(),
            25,
            Link.Channels.NONE,
            OptionalInt.empty());
    return new Gpu(
        name,
        GpuClass.DATACENTER,
        ampere(),
        new MemorySize(gigabytes * 1024L, true, gigabytes),
        new Throughput(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            MatmulClass.UNKNOWN,
            SpeedCoefficients.BEFORE),
        new Interconnect(link, Optional.empty(), true, "none"),
        OptionalInt.empty());
  }

  private static Generation ampere() {
    return new Generation(
        "sm_80",
        "Ampere",
        Vendor.NVIDIA,
        new Capability(8, 0),
        new Generation.Abilities(true, true, false, false, true, true),
        new Generation.Workspaces(8_519_680, Optional.empty(), 4_194_304),
        new Generation.Context(OptionalLong.empty(), OptionalLong.empty()));
  }
}
