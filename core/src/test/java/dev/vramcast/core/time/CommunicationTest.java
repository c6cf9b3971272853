package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import dev.vramcast.core.time.work.Trained;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommunicationTest {

  private static final double LAYERS = 22_544_384;
  private static final double LINK = 0.41 * 100e9;

  @Test
  void one_gpu_sends_nothing() {
    assertThat(exchange("--method full")).isEqualTo(Exchange.NONE);
  }

  @Test
  void full_shards_are_gathered_twice_and_gradients_reduced_once_a_micro_step() {
    Exchange exchange = exchange("--method full --count 4 --strategy fsdp2");

    assertClose(exchange.microStep(), (2 * 2 + 4) * LAYERS * 3 / 4 / LINK);
    assertThat(exchange.optimizerStep()).isZero();
  }

  @Test
  void gradients_travel_in_the_dtype_they_are_reduced_in_and_weights_in_that_of_compute() {
    String shards = "--method full --count 4 --strategy ";
    Exchange fp32 = exchange(shards + "fsdp2 --reduce-dtype fp32");
    Exchange single = exchange(shards + "fsdp2 --precision fp32 --reduce-dtype fp32");
    Exchange zero = exchange(shards + "zero3 --reduce-dtype fp32");

    assertClose(fp32.microStep(), (2 * 2 + 4) * LAYERS * 3 / 4 / LINK);
    assertClose(single.microStep(), (2 * 4 + 4) * LAYERS * 3 / 4 / LINK);
    assertClose(zero.microStep(), (2 * 2 + 2) * LAYERS * 3 / 4 / LINK);
  }

  @Test
  void weights_that_stay_gathered_are_gathered_once() {
    Exchange exchange =
        exchange("--method full --count 4 --strategy fsdp2 --reshard-after-forward false");

    assertClose(exchange.microStep(), (2 + 4) * LAYERS * 3 / 4 / LINK);
  }

  @Test
  void a_quantised_base_travels_as_it_is_and_only_adapters_are_reduced() {
    Exchange exchange =
        exchange("--method qlora --rank 8 --targets q_proj --count 2 --strategy fsdp1");

    double adapters = 2 * 8 * (1024 + 1024);
    assertClose(exchange.microStep(), (2 * 0.55 * LAYERS + 4 * adapters) / 2 / LINK);
  }

  @Test
  void copies_reduce_gradients_there_and_back_once_an_optimizer_step() {
    Exchange exchange = exchange("--method full --count 4 --strategy ddp");

    assertThat(exchange.microStep()).isZero();
    assertClose(exchange.optimizerStep(), 2 * 2 * LAYERS * 3 / 4 / LINK);
  }

  @Test
  void zero_2_reduces_in_every_micro_step_and_gathers_in_every_optimizer_step() {
    Exchange exchange = exchange("--method full --count 4 --strategy zero2");

    assertClose(exchange.microStep(), 2 * LAYERS * 3 / 4 / LINK);
    assertThat(exchange.optimizerStep()).isEqualTo(exchange.microStep());
  }

  @Test
  void shards_within_a_machine_use_its_links_and_their_copies_the_network() {
    Exchange exchange =
        exchange("--method full --count 16 --nodes 2 --strategy fsdp2 --shard 8 --replicate 2");

    double within = 8 * LAYERS * 7 / 8 / LINK;
    double between = 2 * 4 * LAYERS / 8 / 2 / Math.min(LINK, 8 * 23e9);
    assertClose(exchange.microStep(), within + between);
  }

  @Test
  void experts_that_are_divided_are_not_gathered() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));
    String flags = "--method full --count 8 --strategy fsdp2";
    double experts = 2.0 * 8 * 3 * 1024 * 2816;

    double together = exchange(model, flags).microStep();
    double divided = exchange(model, flags + " --expert 8").microStep();

    assertClose(together - divided, 8 * experts * 7 / 8 / LINK);
  }

  /** Two layers, two experts a token. */
  @Test
  void tokens_travel_to_the_experts_of_other_gpus_and_back_in_both_directions() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));
    String flags = "--method full --checkpointing none --count 8 --strategy fsdp2";

    assertThat(exchange(model, flags).exposedPerToken()).isZero();
    assertClose(
        exchange(model, flags + " --expert 8").exposedPerToken(),
        2 * 2 * 2 * (2 * 2 * 1024.0) * 7 / 8 / (0.78 * 100e9));
  }

  @Test
  void a_token_travels_to_another_machine_once_and_beside_what_is_computed() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 16, "num_experts_per_tok", 2));
    Exchange wide =
        exchange(
            model,
            "--method full --checkpointing none --count 16 --nodes 2 --strategy fsdp2 --expert 16");

    double copies = 2 * 2 * 2 * (2 * 2 * 1024.0) * 15 / 16;
    double once = 2 * 2 * 2 * (2 * 1024.0) * 2 * (1 - 0.25) / 2;
    assertClose(wide.exposedPerToken(), copies / (0.78 * 100e9));
    assertThat(wide.microStep()).isGreaterThan(once / 23e9 * 512);
  }

  @Test
  void tensor_parallel_collectives_stand_between_layers_as_far_as_no_kernels_overlap_them() {
    String degrees = "--method full --checkpointing full --count 4 --tensor 4 ";
    Exchange plain = exchange(degrees + "--strategy fsdp2 --framework torchtitan");
    Exchange overlapped = exchange(degrees + "--strategy megatron --framework megatron");

    double bytes = 2 * (4 + 2) * 2 * 2 * 1024.0 * 3;
    assertClose(plain.exposedPerToken(), bytes / (0.78 * 100e9));
    assertClose(overlapped.exposedPerToken(), 0.6 * bytes / (0.78 * 100e9));
  }

  /** Two layers of 1024 features of queries and 512 of keys and values. */
  @Test
  void ranks_of_a_sequence_exchange_heads_or_keys_and_only_a_ring_hides_it() {
    String degrees = "--method full --checkpointing none --count 4 --context 4 --strategy ";
    double keys = 3 * 2 * (2 * 512.0) * 3;
    double link = 0.78 * 100e9;

    Exchange ulysses = exchange(degrees + "zero3 --framework transformers");
    Exchange gathered = exchange(degrees + "fsdp2 --framework torchtitan");
    Exchange ring = exchange(degrees + "megatron --framework megatron");

    assertClose(ulysses.exposedPerToken(), 2 * 2 * (2 * (2 * 1024.0) + 2 * 512) * 3 / 4 / link);
    assertClose(gathered.exposedPerToken(), keys / link);
    assertClose(ring.microStep(), keys * 512 / link);
    assertThat(ring.exposedPerToken()).isZero();
  }

  @Test
  void nothing_overlaps_tensor_parallelism_over_pcie() {
    Gpu card = Times.card("L40S", "8.9", 362, 864, "PCIe");
    ResolvedJob job =
        Times.job("--method full --count 2 --strategy megatron --tensor 2 --framework megatron");

    assertThat(exchange(Times.llama(), card, job).exposedPerToken()).isPositive();
  }

  @Test
  void what_is_offloaded_passes_pcie() {
    Exchange optimizer = exchange("--method full --offload optimizer");
    Exchange weights = exchange("--method full --offload parameters");
    Exchange hidden = exchange("--method full --checkpointing offloaded");

    assertClose(optimizer.optimizerStep(), 4 * 39_326_720.0 / 19.4e9);
    assertClose(weights.microStep(), 4 * LAYERS / 19.4e9);
    assertClose(hidden.microStep(), 4 * 2 * 1024.0 * 512 / 19.4e9);
  }

  private static Exchange exchange(String flags) {
    return exchange(Times.llama(), flags);
  }

  private static Exchange exchange(Architecture architecture, String flags) {
    return exchange(architecture, Times.card(), Times.job(flags));
  }

  private static Exchange exchange(Architecture architecture, Gpu card, ResolvedJob job) {
    ModelProfile model = ModelProfile.of(architecture);
    ModelWork work = ModelWork.of(model, job.batch().sequenceLength());
    Links links = Links.of(card, job.frameworkCode().is(SpreadCode.COPIES_ITSELF));
    Layout layout = Layout.of(job, card, links, 32);
    Passes passes = Passes.of(RunPlan.of(job).step(), job, work.layers());
    return Communication.of(work, job, layout, links, Trained.of(model, job), passes);
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, withinPercentage(1e-6));
  }
}
