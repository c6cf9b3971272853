package dev.vramcast.core.hardware;

import static java.util.Map.entry;

import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Generation.Context;
import dev.vramcast.core.hardware.Generation.Workspaces;
import dev.vramcast.core.hardware.Link.Channels;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Cards for tests, with the facts of the catalogue's generations and links. */
public final class Cards {

  /** Of a card of which no rate is known. */
  public static final Throughput NO_RATES =
      new Throughput(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          MatmulClass.UNKNOWN,
          SpeedCoefficients.BEFORE);

  private static final Map<String, MatmulClass> REACHED =
      Map.ofEntries(
          entry("8.0", MatmulClass.A100),
          entry("8.6", MatmulClass.RTX),
          entry("8.9", MatmulClass.RTX),
          entry("9.0", MatmulClass.HOPPER),
          entry("10.0", MatmulClass.BLACKWELL),
          entry("10.3", MatmulClass.BLACKWELL),
          entry("12.0", MatmulClass.RTX),
          entry("gfx942", MatmulClass.MI300X),
          entry("gfx950", MatmulClass.CDNA4));

  private static final Map<String, Context> CONTEXTS =
      Map.of(
          "7.0", new Context(OptionalLong.empty(), OptionalLong.of(1343L << 20)),
          "8.0", new Context(OptionalLong.of(481L << 20), OptionalLong.of(942L << 20)),
          "8.9", new Context(OptionalLong.of(426L << 20), OptionalLong.empty()));

  private static final Channels PCIE = new Channels(2, 2, 0, 2, 2);
  private static final Channels A100 = new Channels(24, 10, 0, 32, 32);
  private static final Channels H100 = new Channels(24, 16, 16, 32, 32);

  private static final Map<String, Interconnect> INTERCONNECTS =
      Map.ofEntries(
          entry("none", interconnect(Link.Kind.PCIE, PCIE, true)),
          entry("PCIe", interconnect(Link.Kind.PCIE, PCIE, true)),
          entry("PCIe, no P2P", interconnect(Link.Kind.PCIE, PCIE, false)),
          entry("NVLink", interconnect(Link.Kind.NVLINK, new Channels(12, 12, 0, 16, 2), true)),
          entry("NVLink3 + NVSwitch", interconnect(Link.Kind.NVSWITCH, A100, true)),
          entry("NVLink4 + NVSwitch", interconnect(Link.Kind.NVSWITCH, H100, true)),
          entry("NVL72", rack()),
          entry("Infinity Fabric", interconnect(Link.Kind.XGMI, Channels.NONE, true)));

  private Cards() {}

  /**
   * A card for servers.
   *
   * @param target as the catalogue writes it, e.g. {@code 9.0}
   * @param link {@code NVLink}, {@code NVLink4 + NVSwitch}, {@code PCIe} …
   */
  public static Gpu card(String name, String target, MemorySize memory, String link) {
    return new Gpu(
        name,
        GpuClass.DATACENTER,
        generation(target),
        memory,
        NO_RATES,
        Optional.ofNullable(INTERCONNECTS.get(link)).orElseThrow(),
        OptionalInt.empty());
  }

  /** Memory of which the driver keeps nothing. */
  public static MemorySize allOf(long mebibytes) {
    OptionalLong bytes = OptionalLong.of(mebibytes << 20);
    return new MemorySize(mebibytes, true, 24, new MemorySize.Allocatable(bytes, bytes));
  }

  /** Rates in 10^9 bytes and 10^12 operations a second, in fp8 and NVFP4 twice and four times. */
  public static Throughput rates(String target, double bandwidth, double half) {
    return rates(REACHED.getOrDefault(target, MatmulClass.UNKNOWN), bandwidth, half);
  }

  public static Throughput rates(MatmulClass reached, double bandwidth, double half) {
    OptionalDouble nvfp4 =
        reached == MatmulClass.BLACKWELL ? OptionalDouble.of(4 * half) : OptionalDouble.empty();
    return new Throughput(
        OptionalDouble.of(bandwidth),
        OptionalDouble.of(half),
        OptionalDouble.of(half / 8),
        OptionalDouble.of(2 * half),
        nvfp4,
        reached,
        SpeedCoefficients.BEFORE);
  }

  public static Gpu with(Gpu gpu, Throughput throughput) {
    return new Gpu(
        gpu.name(),
        gpu.gpuClass(),
        gpu.generation(),
        gpu.memory(),
        throughput,
        gpu.interconnect(),
        gpu.watts());
  }

  public static Gpu with(Gpu gpu, GpuClass gpuClass) {
    return new Gpu(
        gpu.name(),
        gpuClass,
        gpu.generation(),
        gpu.memory(),
        gpu.throughput(),
        gpu.interconnect(),
        gpu.watts());
  }

  /** The card as another maker would sell it. */
  public static Gpu with(Gpu gpu, Vendor vendor, Abilities abilities) {
    Generation known = gpu.generation();
    Generation generation =
        new Generation(
            vendor.label() + " " + known.id(),
            known.name(),
            vendor,
            known.target(),
            abilities,
            known.workspaces(),
            known.context());
    return new Gpu(
        gpu.name(),
        gpu.gpuClass(),
        generation,
        gpu.memory(),
        gpu.throughput(),
        gpu.interconnect(),
        gpu.watts());
  }

  public static Generation generation(String target) {
    Target known = Target.parse(target).orElseThrow();
    Optional<Capability> capability = Capability.parse(target);
    boolean hopper = capability.filter(each -> each.isAtLeast(9, 0)).isPresent();
    return new Generation(
        target,
        "generation " + target,
        known instanceof Target.Gfx ? Vendor.AMD : Vendor.NVIDIA,
        known,
        new Abilities(
            true,
            true,
            true,
            capability.filter(each -> each.major() == 10).isPresent(),
            true,
            true),
        hopper
            ? new Workspaces(32L << 20, Optional.empty(), 33_555_456)
            : new Workspaces(Workspaces.SMALL_CUBLAS, Optional.empty(), 4L << 20),
        CONTEXTS.getOrDefault(target, new Context(OptionalLong.empty(), OptionalLong.empty())));
  }

  private static Interconnect interconnect(Link.Kind kind, Channels channels, boolean peerAccess) {
    Link link =
        new Link(kind.label(), kind, OptionalDouble.of(100), 25, channels, OptionalInt.empty());
    return new Interconnect(link, Optional.empty(), peerAccess, "for tests");
  }

  private static Interconnect rack() {
    Link link =
        new Link("nvl72", Link.Kind.NVSWITCH, OptionalDouble.of(100), 50, H100, OptionalInt.of(72));
    return new Interconnect(link, Optional.empty(), true, "for tests");
  }
}
