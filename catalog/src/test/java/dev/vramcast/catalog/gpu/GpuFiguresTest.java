package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.hardware.MemorySize.Allocatable;
import dev.vramcast.core.hardware.Vendor;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the bundled file says of cards. */
class GpuFiguresTest {

  private final GpuCatalog catalog = GpuCatalog.embedded();

  @Test
  void holds_the_memory_that_drivers_report() {
    assertThat(catalog.find("H100").gpu().memory().mebibytes()).isEqualTo(81559);
    assertThat(catalog.find("A100-80GB").gpu().memory().mebibytes()).isEqualTo(81920);
    assertThat(catalog.find("RTX 4090").gpu().memory().bytes()).isEqualTo(24564L << 20);
    assertThat(catalog.find("L40").gpu().memory().reported()).isFalse();
  }

  @Test
  void knows_what_each_generation_can_do() {
    Gpu t4 = catalog.find("T4").gpu();
    assertThat(t4.abilities().bf16()).isFalse();
    assertThat(t4.abilities().flashAttention()).isFalse();
    Gpu a100 = catalog.find("A100-80GB").gpu();
    assertThat(a100.abilities().bf16()).isTrue();
    assertThat(a100.abilities().fp8()).isFalse();
    Gpu h100 = catalog.find("H100").gpu();
    assertThat(h100.abilities().fp8()).isTrue();
    assertThat(h100.vendor()).isEqualTo(Vendor.NVIDIA);
    assertThat(h100.throughput().halfTeraflops()).hasValue(989);
    assertThat(h100.interconnect().gigabytesPerSecond()).hasValue(450);
  }

  @Test
  void keeps_every_figure_within_reason() {
    for (Gpu gpu : catalog.all()) {
      long marketed = gpu.memory().marketedGigabytes();
      assertThat(gpu.memory().mebibytes())
          .as(gpu.name())
          .isBetween(marketed * 900, marketed * 1050);
      gpu.throughput()
          .fp8Teraflops()
          .ifPresent(
              fp8 ->
                  assertThat(fp8)
                      .as(gpu.name())
                      .isGreaterThanOrEqualTo(gpu.throughput().halfTeraflops().orElse(0)));
    }
  }

  /** What the data sheets have, and what the driver gives of it on Linux and on Windows. */
  @Test
  void knows_what_the_driver_gives_to_programs_where_an_output_is_known() {
    assertThat(allocatable("H100").linux()).hasValue(Math.round(79.10 * (1L << 30)));
    assertThat(allocatable("RTX 3090").windows()).hasValue(24576L << 20);
    assertThat(allocatable("RTX 4080").linux()).isEmpty();
    assertThat(allocatable("B300")).isEqualTo(Allocatable.UNKNOWN);
    assertThat(allocatable("M4 Max 128GB").linux()).hasValue(96L << 30);
    List<Gpu> own =
        catalog.all().stream().filter(gpu -> gpu.gpuClass() != GpuClass.UNIFIED).toList();
    for (Gpu gpu : own) {
      gpu.memory()
          .allocatable()
          .linux()
          .ifPresent(
              bytes ->
                  assertThat(bytes)
                      .as(gpu.name())
                      .isBetween(gpu.memory().bytes() * 94 / 100, gpu.memory().bytes()));
    }
  }

  private Allocatable allocatable(String name) {
    return catalog.find(name).gpu().memory().allocatable();
  }

  @ParameterizedTest
  @CsvSource({
    "A100 80GB SXM4, A100",
    "RTX 3090, RTX",
    "RTX 4090, RTX",
    "L40S, ADA_SERVER",
    "H100 SXM5 80GB, HOPPER",
    "H20, H20",
    "B200 SXM 180GB, BLACKWELL",
    "GB300 (per GPU), BLACKWELL_ULTRA",
    "RTX PRO 6000 Blackwell Server, WORKSTATION",
    "RTX 6000 Ada, RTX",
    "RTX 5090, RTX",
    "MI300X, MI300X",
    "MI355X, CDNA4",
    "V100 16GB (SXM2), UNKNOWN",
    "Gaudi 2 (HL-225), GAUDI2",
  })
  void devices_are_classed_by_what_their_matrix_units_reach(String name, MatmulClass reached) {
    assertThat(catalog.find(name).gpu().throughput().reached()).isEqualTo(reached);
  }

  @Test
  void nvfp4_doubles_fp8_on_blackwell_and_triples_it_on_blackwell_ultra() {
    assertThat(nvfp4("GB200")).hasValue(10_000);
    assertThat(nvfp4("GB300")).hasValue(15_000);
    assertThat(nvfp4("RTX 5090")).hasValue(838);
    assertThat(nvfp4("H100")).isEmpty();
  }

  private OptionalDouble nvfp4(String name) {
    return catalog.find(name).gpu().throughput().nvfp4Teraflops();
  }

  @ParameterizedTest
  @CsvSource({
    "RTX 3090, PCIE, 56.25, 2, true, CONSUMER",
    "RTX 4090, PCIE, 31, 2, false, CONSUMER",
    "RTX 6000 Ada, PCIE, 31, 2, true, WORKSTATION",
    "L40S, PCIE, 31, 2, true, DATACENTER",
    "H100 NVL 94GB, PCIE, 300, 2, true, DATACENTER",
    "V100 16GB (SXM2), NVLINK, 150, 12, true, DATACENTER",
    "A100 80GB SXM4, NVSWITCH, 300, 24, true, DATACENTER",
    "H100 SXM5 80GB, NVSWITCH, 450, 24, true, DATACENTER",
    "GB200 (per GPU), NVSWITCH, 900, 32, true, DATACENTER",
    "MI300X, XGMI, 448, 0, true, DATACENTER",
    "Gaudi 2 (HL-225), ROCE, 262.5, 0, true, DATACENTER",
  })
  void devices_reach_their_peers_as_their_links_say(
      String name, Link.Kind kind, double rate, int channels, boolean peers, GpuClass gpuClass) {
    Gpu gpu = catalog.find(name).gpu();

    assertThat(gpu.interconnect().link().kind()).isEqualTo(kind);
    assertThat(gpu.interconnect().gigabytesPerSecond()).hasValue(rate);
    assertThat(gpu.interconnect().link().channels().node()).isEqualTo(channels);
    assertThat(gpu.interconnect().peerAccess()).isEqualTo(peers);
    assertThat(gpu.gpuClass()).isEqualTo(gpuClass);
  }

  @Test
  void a_rack_is_one_domain_of_seventy_two() {
    assertThat(catalog.find("GB200").gpu().interconnect().link().domain()).hasValue(72);
    assertThat(catalog.find("B200").gpu().interconnect().link().domain()).isEmpty();
  }

  @Test
  void a_generation_is_known_by_its_capability() {
    assertThat(catalog.find("H100").gpu().generation().capability()).contains(new Capability(9, 0));
    assertThat(catalog.find("MI300X").gpu().generation().capability()).isEmpty();
    assertThat(catalog.find("MI300X").gpu().generation().target().label()).isEqualTo("gfx942");
    assertThat(catalog.find("B200").gpu().abilities().prefersCudnn()).isTrue();
    assertThat(catalog.find("RTX 5090").gpu().abilities().prefersCudnn()).isFalse();
  }
}
