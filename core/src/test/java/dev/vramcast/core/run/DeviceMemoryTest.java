package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Generation.Workspaces;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.units.Version;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceMemoryTest {

  private static final long MIB = 1L << 20;

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

  /** A100: 481 MiB each. */
  @ParameterizedTest
  @CsvSource({
    "481, gptq-int4, --count 1",
    "962, gptq-int4, --strategy fsdp1 --count 2",
    "1924, gptq-int8, --strategy fsdp1 --count 8 --nodes 2",
    "481, gptq-int4, --strategy ddp --count 4",
    "481, nf4, --strategy fsdp1 --count 4",
  })
  void the_loader_of_gptq_for_fsdp1_opens_a_context_on_every_gpu(
      long mebibytes, String scheme, String flags) {
    String all = "--method lora --torch 2.4 --quantization " + scheme + " " + flags;

    assertThat(
            DeviceMemory.outside(Estimates.job(all), Optional.of(card("8.0", "PCIe")))
                    .contextBytes()
                / MIB)
        .isEqualTo(mebibytes);
  }

  /**
   * MiB by group: 14 of the communicator and 6 for each of 32 channels, rings of 24 channels at 12
   * and, for more than two ranks, trees of half of that; over several nodes 10 channels.
   */
  @ParameterizedTest
  @CsvSource({
    "0, --count 1",
    "494, --strategy fsdp2 --count 2",
    "638, --strategy fsdp2 --count 8",
    "638, --strategy ddp --count 8",
    "386, --strategy fsdp1 --count 64 --nodes 8",
    "1276, --strategy zero3 --count 8",
    "1770, --strategy fsdp2 --shard 4 --replicate 2",
  })
  void each_group_of_ranks_has_buffers_of_its_own(long mebibytes, String flags) {
    assertThat(communicators(flags + " --torch 2.9", card("8.0", "NVLink3 + NVSwitch")) / MIB)
        .isEqualTo(mebibytes);
  }

  /**
   * Eight ranks with rings and trees take 638 MiB: the default group, that of the gradients' norm,
   * and those of tensor parallelism, alone and with the stages, or of data parallelism. Two stages
   * send to each other on 32 channels and through the network's buffer.
   */
  @ParameterizedTest
  @CsvSource({
    "2552, --tensor 8",
    "1914, --shard 8",
    "3398, --tensor 4 --pipeline 2",
  })
  void megatron_makes_all_its_groups_beside_the_default_one(long mebibytes, String flags) {
    String job = "--strategy megatron --method full --precision bf16 --count 8 --torch 2.9 ";

    assertThat(communicators(job + flags, card("8.0", "NVLink3 + NVSwitch")) / MIB)
        .isEqualTo(mebibytes);
  }

  /** NVIDIA/nccl#964: four A100, 544 MB for two ranks and 688 for more. */
  @ParameterizedTest
  @CsvSource({"544, --count 2", "688, --count 4"})
  void an_old_release_connects_everything_when_a_communicator_is_made(
      long mebibytes, String flags) {
    Gpu ampere = card("8.0", "NVLink3 + NVSwitch");

    assertThat(communicators("--strategy fsdp1 --torch 2.1 " + flags, ampere) / MIB)
        .isEqualTo(mebibytes);
  }

  @ParameterizedTest
  @CsvSource({
    "NVLink3 + NVSwitch, 288",
    "NVLink, 144",
    "PCIe, 24",
    "'PCIe, no P2P', 0",
  })
  void links_decide_how_many_channels_there_are(String link, long rings) {
    Gpu gpu = card("8.0", link);
    long channels = gpu.interconnect().link().channels().pointToPoint();
    long fixed = 14 + 6 * Math.max(channels, gpu.interconnect().link().channels().node());

    assertThat(communicators("--strategy fsdp2 --count 2 --torch 2.9", gpu) / MIB)
        .isEqualTo(fixed + rings);
  }

  /** Logs of 8 x H100: 1536 MiB (nccl-tests#213), then by the channels of the rings, then less. */
  @ParameterizedTest
  @CsvSource({"2.2, 1536", "2.4, 2304", "2.6, 1152", "2.9, 256"})
  void a_switch_that_sums_has_buffers_for_every_gpu_of_the_node(String torch, long mebibytes) {
    String job = " --count 8 --torch " + torch;
    Gpu hopper = card("9.0", "NVLink4 + NVSwitch");
    Gpu ampere = card("8.0", "NVLink4 + NVSwitch");

    assertThat(
            communicators("--strategy ddp" + job, hopper)
                - communicators("--strategy ddp" + job, ampere))
        .isEqualTo(mebibytes * MIB);
    assertThat(
            communicators("--strategy fsdp2" + job, hopper)
                - communicators("--strategy fsdp2" + job, ampere))
        .isEqualTo(torch.equals("2.9") ? 0 : mebibytes * MIB);
  }

  @Test
  void from_2_12_on_cublas_has_more_on_blackwell_and_from_2_15_on_gives_it_back() {
    Optional<Gpu> ampere = Optional.of(card("8.0", "PCIe"));

    assertThat(DeviceMemory.workspaceBytes(ampere, Version.of(2, 9))).isEqualTo(2 * 8_519_680);
    assertThat(DeviceMemory.workspaceBytes(ampere, Version.of(2, 15))).isEqualTo(8_519_680);
    Workspaces blackwell = new Workspaces(32 * MIB, Optional.of(Version.of(2, 12)), 0);
    assertThat(blackwell.cublas(Version.of(2, 11))).isEqualTo(8_519_680);
    assertThat(blackwell.cublas(Version.of(2, 12))).isEqualTo(32 * MIB);
  }

  @Test
  void the_driver_keeps_some_of_the_memory_of_a_card() {
    assertThat(card("9.0", "PCIe").allocatableBytes())
        .isEqualTo((80L << 30) - Math.round((80L << 30) * 0.008));
    assertThat(card("gfx942", "Infinity Fabric").allocatableBytes()).isEqualTo(80L << 30);
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
                Estimates.job("--method full --strategy fsdp2 --count 2 --torch 2.9"),
                Optional.of(card("8.0", "NVLink3 + NVSwitch")))
            .worst();

    assertThat(rank.deviceBytes()).isEqualTo(rank.reservedBytes() + 481 * MIB + 494 * MIB);
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
