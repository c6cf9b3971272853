package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceMemoryTest {

  private static final long MIB = 1L << 20;

  /** 8 lines of 16 bytes, 512 threads, 8 steps; 120 of 8 bytes, 640 threads, 8 steps; 4 MiB. */
  private static final long CONNECTION = 524_288 + 4_915_200 + 4_194_304;

  @ParameterizedTest
  @CsvSource({
    "7.0, 1.13, 1343",
    "8.0, 1.13, 942",
    "8.0, 2.1, 481",
    "8.9, 2.10, 426",
    "9.0, 2.10, 500",
    "9.0, 1.13, 635",
    "gfx942, 2.10, 500",
  })
  void the_context_depends_on_the_card_and_on_how_its_kernels_are_loaded(
      String capability, String torch, long mebibytes) {
    long bytes =
        DeviceMemory.outside(
                Estimates.job("--torch " + torch), Optional.of(card(capability, "PCIe")))
            .contextBytes();

    assertThat(bytes / MIB).isEqualTo(mebibytes);
  }

  /** Columns: connections of all channels, and how the GPUs are divided. */
  @ParameterizedTest
  @CsvSource({
    "0, --count 1",
    "24, --strategy fsdp2 --count 2",
    "48, --strategy fsdp2 --count 8",
    "48, --strategy fsdp1 --count 64",
    "48, --strategy ddp --count 8",
    "96, --strategy fsdp2 --shard 8 --replicate 4",
    "72, --strategy fsdp2 --shard 4 --tensor 2",
    "24, --strategy fsdp2 --shard 2",
  })
  void each_group_of_ranks_has_buffers_of_its_own(long connections, String flags) {
    assertThat(communicators(flags, card("8.0", "NVLink3 + NVSwitch")))
        .isEqualTo(connections * CONNECTION);
  }

  @ParameterizedTest
  @CsvSource({
    "NVLink3 + NVSwitch, 24",
    "NVLink, 12",
    "PCIe, 2",
    "'PCIe, no P2P', 0",
  })
  void links_decide_how_many_channels_there_are(String link, long channels) {
    assertThat(communicators("--strategy fsdp2 --count 2", card("8.0", link)))
        .isEqualTo(channels * CONNECTION);
  }

  /** 16 channels, 2 x 8 x 128 KiB for each of the 8 GPUs of a node. */
  @Test
  void a_switch_that_sums_has_buffers_for_every_gpu_of_the_node() {
    Gpu hopper = card("9.0", "NVLink4 + NVSwitch");

    assertThat(communicators("--strategy ddp --count 8", hopper))
        .isEqualTo(16 * 2 * CONNECTION + 16 * 8 * 2 * MIB);
    assertThat(communicators("--strategy fsdp2 --count 8", hopper)).isEqualTo(16 * 2 * CONNECTION);
  }

  @Test
  void another_makers_library_is_not_known() {
    Gpu amd = card("gfx942", "Infinity Fabric");

    assertThat(communicators("--strategy fsdp2 --count 8", amd)).isZero();
  }

  @Test
  void segments_do_not_grow_on_amd() {
    Gpu amd = card("gfx942", "Infinity Fabric");
    Gpu nvidia = card("9.0", "NVLink4 + NVSwitch");
    String flags = "--expandable-segments true --max-split-size-mib 512";

    assertThat(grows(flags, Optional.of(amd))).isFalse();
    assertThat(grows(flags, Optional.of(nvidia))).isTrue();
    assertThat(grows(flags, Optional.empty())).isTrue();
    assertThat(DeviceMemory.allocator(Estimates.job(flags), Optional.of(amd)).maxSplitBytes())
        .hasValue(512 * MIB);
  }

  @Test
  void the_device_holds_context_and_buffers_beside_what_is_reserved() {
    RankEstimate rank =
        MemoryEstimator.estimate(
                Estimates.llama(false),
                Estimates.job("--method full --strategy fsdp2 --count 2"),
                Optional.of(card("8.0", "NVLink3 + NVSwitch")))
            .worst();

    assertThat(rank.deviceBytes()).isEqualTo(rank.reservedBytes() + 481 * MIB + 24 * CONNECTION);
  }

  @Test
  void on_a_card_with_less_the_allocator_takes_what_there_is() {
    RankEstimate rank = Estimates.of(Estimates.llama(false), "--method full");
    long free = rank.reservedBytes();
    long needed = rank.neededBytes(free);
    long card = rank.outside().contextBytes() + (needed + free) / 2;

    assertThat(needed).isLessThan(free);
    assertThat(on(card, rank).reservedBytes()).isBetween(needed, (needed + free) / 2);
    assertThat(on(card, rank).neededBytes(on(card, rank).reservedBytes()))
        .isBetween(rank.allocatedBytes(), (needed + free) / 2);
    // Too small a card says nothing about what would be enough.
    assertThat(on(card / 4, rank).reservedBytes()).isEqualTo(free);
  }

  private static RankEstimate on(long cardBytes, RankEstimate rank) {
    return rank.on(
        new RankEstimate.Outside(rank.outside().contextBytes(), 0, OptionalLong.of(cardBytes)));
  }

  private static boolean grows(String flags, Optional<Gpu> gpu) {
    return DeviceMemory.allocator(Estimates.job(flags), gpu).expandableSegments();
  }

  private static long communicators(String flags, Gpu gpu) {
    return DeviceMemory.outside(Estimates.job(flags), Optional.of(gpu)).communicatorBytes();
  }

  private static Gpu card(String capability, String link) {
    return Cards.card("a card", capability, new MemorySize(80 << 10, false, 80), link);
  }
}
