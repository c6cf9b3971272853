package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.time.Times;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LayoutTest {

  private static final Links.Outside OUTSIDE = new Links.Outside(19.4e9, 23e9, 0.83);

  private static final String MEGATRON = "--method full --framework megatron --strategy megatron ";

  @Test
  void eight_gpus_are_a_machine_unless_the_job_says_how_many_or_a_rack_holds_more() {
    Gpu rack = Times.card("GB200", "10.0", 2500, 8000, "NVL72");

    assertThat(layout("--count 8", Times.card()).machines()).isEqualTo(1);
    assertThat(layout("--count 12", Times.card()).machines()).isEqualTo(2);
    assertThat(layout("--count 8 --nodes 4", Times.card()).machines()).isEqualTo(4);
    assertThat(layout("--count 16 --nodes 1", Times.card()).machines()).isEqualTo(1);
    assertThat(layout("--count 32 --nodes 2", Times.card()).machines()).isEqualTo(2);
    assertThat(layout("--count 72", rack).machines()).isEqualTo(1);
    assertThat(layout("--count 128", rack).machines()).isEqualTo(2);
    assertThat(layout("--count 64 --nodes 16", rack).machines()).isEqualTo(1);
  }

  @Test
  void each_doubling_of_machines_loses_its_share() {
    assertThat(layout("--count 8", Times.card()).loss()).isEqualTo(1);
    assertThat(layout("--count 32", Times.card()).loss()).isCloseTo(1 + 2 * 0.0265, within(1e-9));
    assertThat(layout(MEGATRON + "--count 8 --tensor 2 --context 2 --shard 2", Times.card()).loss())
        .isEqualTo(1);
  }

  @Test
  void a_bubble_larger_than_what_tuned_runs_lose_takes_its_place() {
    String four = MEGATRON + "--count 4 --pipeline 4 --grad-accum ";

    assertThat(layout(four + "8", Times.card()).bubble()).isEqualTo(3.0 / 8);
    assertThat(layout(four + "8", Times.card()).loss()).isCloseTo(1 + 3.0 / 8, within(1e-9));
    assertThat(layout(four + "128", Times.card()).loss()).isCloseTo(1 + 2 * 0.038, within(1e-9));
  }

  @Test
  void interleaved_stages_shorten_the_bubble_and_need_a_micro_batch_each() {
    String four = MEGATRON + "--count 4 --pipeline 4 --virtual-pipeline 2 --grad-accum ";

    assertThat(layout(four + "8", Times.card()).bubble()).isEqualTo(3.0 / 16);
    assertThat(layout(four + "1", Times.card()).microSteps()).isEqualTo(4);
  }

  @Test
  void a_pipeline_of_pytorch_drains_behind_the_micro_batches_that_go_through_together() {
    String four =
        "--method full --framework nemo-automodel --strategy fsdp2 --reshard-after-forward false"
            + " --count 4 --pipeline 4 --grad-accum 64 --pipeline-micro-batches 8";

    assertThat(layout(four, Times.card()).bubble()).isEqualTo(3.0 / 8);
    assertThat(layout(four + " --pipeline-schedule interleaved-1f1b", Times.card()).bubble())
        .isEqualTo(3.0 / 16);
    assertThat(layout(four + " --layers-per-stage 2", Times.card()).bubble()).isEqualTo(3.0 / 32);
  }

  @Test
  void tensor_parallelism_counted_by_bytes_loses_nothing_twice() {
    String degrees = "--method full --count 4 --tensor 4 --strategy fsdp2 --framework torchtitan";

    assertThat(layout(degrees, Times.card()).loss()).isEqualTo(1);
  }

  @Test
  void sequence_parallelism_divides_what_lies_between_projections() {
    String four = MEGATRON + "--count 4 --tensor 4 --shard 1 --sequence-parallel ";

    assertThat(layout(four + "false", Times.card()).degrees().copies()).isEqualTo(4);
    assertThat(layout(four + "true", Times.card()).degrees().copies()).isEqualTo(1);
  }

  /** 50 GB a second for each GPU of a rack, 25 for others. */
  @Test
  void machines_reach_each_other_by_the_adapters_that_are_built_for_them() {
    Gpu rack = Times.card("GB200", "10.0", 2500, 8000, "NVL72");

    assertThat(Links.of(rack, false).outside().network()).isCloseTo(46e9, within(1.0));
    assertThat(Links.of(Times.card(), false).outside().network()).isCloseTo(23e9, within(1.0));
  }

  @Test
  void links_are_as_fast_as_runs_have_shown() {
    assertThat(Links.of(Times.card(), false))
        .isEqualTo(new Links(41e9, 78e9, true, false, OUTSIDE));
    Gpu server = Times.card("L4", "8.9", 121, 300, "PCIe");
    Gpu desktop = Times.desktop("8.6", 71, 936);
    assertThat(Links.of(server, false).within()).isEqualTo(19.4e9);
    assertThat(Links.of(desktop, false).within()).isEqualTo(3e9);
    assertThat(Links.of(desktop, false).rough()).isTrue();
    assertThat(Links.of(desktop, false).overlap()).isZero();
    assertThat(Links.of(server, false).overlap()).isEqualTo(0.83);
    assertThat(Links.of(desktop, true).within()).isEqualTo(19.4e9);
  }

  @Test
  void a_stated_network_is_that_of_a_machine_and_none_is_faster_than_the_runs_of_the_fit() {
    Links usual = Links.of(Times.card(), false);

    assertThat(usual.over(OptionalDouble.empty())).isEqualTo(usual);
    assertThat(usual.over(OptionalDouble.of(100e9)).ring(true, 1)).isEqualTo(12.5e9);
    assertThat(usual.over(OptionalDouble.of(3200e9)).outside()).isEqualTo(OUTSIDE);
  }

  @Test
  void rings_of_one_machine_share_its_network() {
    Links links = new Links(400e9, 700e9, true, false, OUTSIDE);

    assertThat(links.ring(false, 1)).isEqualTo(400e9);
    assertThat(links.ring(true, 1)).isEqualTo(8 * 23e9);
    assertThat(links.ring(true, 4)).isEqualTo(2 * 23e9);
    assertThat(links.ring(true, 64)).isEqualTo(23e9);
  }

  private static Layout layout(String flags, Gpu card) {
    ResolvedJob job = Times.job(flags);
    return Layout.of(
        job, card, Links.of(card, job.frameworkCode().is(SpreadCode.COPIES_ITSELF)), 32);
  }
}
