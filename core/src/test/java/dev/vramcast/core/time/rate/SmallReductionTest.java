package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.Times;
import org.junit.jupiter.api.Test;

/** NCCL 2.30's reckoning by hand, over NVLink of 78 GB/s and PCIe through the host of 3. */
class SmallReductionTest {

  private static final Links NVLINK = Links.of(Times.card(), false);
  private static final Links HOST = Links.of(Times.desktop("8.9", 100, 1000), false);

  private static double micro(int ranks, int machines, Links links, double bytes) {
    return 1e6 * SmallReduction.of(Times.card(), ranks, machines, links).seconds(bytes);
  }

  @Test
  void few_bytes_of_two_cards_go_around_a_ring_of_low_latency() {
    assertThat(micro(2, 1, NVLINK, 8192))
        .isCloseTo(6.6 + 2 * 0.6 + 8192 / 39e3, withinPercentage(0.001));
  }

  @Test
  void many_bytes_go_around_a_ring_that_waits_longer_and_carries_all() {
    assertThat(micro(8, 1, NVLINK, 1e8))
        .isCloseTo(8.4 + 14 * 3.4 + 1e8 / (78e3 * 8 / 14), withinPercentage(0.001));
  }

  @Test
  void few_bytes_of_two_machines_go_up_a_tree() {
    double latency = 6.8 + 2 * (7 * 0.6 + 5);

    assertThat(micro(16, 2, NVLINK, 8192))
        .isCloseTo(latency + 8192 / (0.92 * 41e3 / 3.8 / 2), withinPercentage(0.001));
  }

  @Test
  void cards_without_peers_wait_for_the_memory_of_the_host() {
    assertThat(micro(2, 1, HOST, 1 << 20))
        .isGreaterThan((1 << 20) / 3e3)
        .isGreaterThan(10 * micro(2, 1, NVLINK, 1 << 20));
  }

  @Test
  void low_latency_carries_no_more_than_the_generation_of_the_cards_lets_it() {
    Links fast = new Links(4e11, 4e11, true, false, NVLINK.outside());
    Gpu hopper = Times.desktop("9.0", 100, 1000);
    Gpu ampere = Times.desktop("8.0", 100, 1000);

    assertThat(1e6 * SmallReduction.of(hopper, 2, 1, fast).seconds(1e6))
        .isCloseTo(6.6 + 2 * 0.6 + 1e6 / 141e3, withinPercentage(0.001));
    assertThat(1e6 * SmallReduction.of(ampere, 2, 1, fast).seconds(1e5))
        .isCloseTo(6.6 + 2 * 0.6 + 1e5 / 87.7e3, withinPercentage(0.001));
  }
}
