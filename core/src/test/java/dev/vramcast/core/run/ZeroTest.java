package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * DeepSpeed's ZeRO on a Llama of two layers: 39,326,720 parameters in 16 matrices and five norms of
 * 1024. On four GPUs a rank steps on 9,831,680 of them.
 */
class ZeroTest {

  private static final long PARAMETERS = 39_326_720;
  private static final long SHARE = PARAMETERS / 4;
  private static final long EMBEDDING = 8192 * 1024;
  private static final long NORMS = 5 * 1024;

  private static RankEstimate full(String flags) {
    return of(Estimates.llama(false), "--method full " + flags);
  }

  private static RankEstimate lora(String flags) {
    return of(Estimates.llama(false), "--method lora --rank 8 " + flags);
  }

  private static RankEstimate of(Architecture model, String flags) {
    return Estimates.of(model, "--precision bf16 --sequence-length 16 " + flags);
  }

  private static TraceReading.Alive alive(RankEstimate estimate, String name) {
    return estimate.alive().stream()
        .filter(alive -> alive.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long bytes(RankEstimate estimate, Category category) {
    return estimate.breakdown().getOrDefault(category, 0L);
  }

  @Test
  void zero2_has_two_buckets_with_overlap() {
    TraceReading.Alive buckets = alive(full("--strategy zero2 --count 4"), "reduce bucket");

    assertThat(buckets.count()).isEqualTo(2);
    assertThat(buckets.bytes()).isEqualTo(2 * 200_000_000L * 2);
  }

  @Test
  void a_configuration_that_says_nothing_has_one_bucket_of_500_million() {
    RankEstimate estimate = full("--strategy zero2 --count 4 --framework deepspeed");

    assertThat(alive(estimate, "reduce bucket").count()).isEqualTo(1);
    assertThat(alive(estimate, "reduce bucket").bytes()).isEqualTo(500_000_000L * 2);
  }

  @Test
  void auto_makes_the_bucket_of_stage_3_as_large_as_the_hidden_size_squared() {
    RankEstimate estimate = full("--strategy zero3 --count 4");

    assertThat(alive(estimate, "reduce bucket").bytes()).isEqualTo(1024 * 1024 * 2);
  }

  @Test
  void every_stage_steps_on_a_share_in_fp32() {
    for (String stage : new String[] {"zero1", "zero2", "zero3"}) {
      RankEstimate estimate = full("--count 4 --strategy " + stage);

      assertThat(alive(estimate, "master weights").bytes()).isEqualTo(SHARE * 4);
      assertThat(bytes(estimate, Category.OPTIMIZER)).as(stage).isEqualTo(SHARE * 12);
    }
  }

  @Test
  void one_gpu_has_the_buffers_too() {
    RankEstimate alone = full("--strategy zero2 --count 1");

    assertThat(alive(alone, "flat parameters").bytes()).isEqualTo(PARAMETERS * 2);
    assertThat(bytes(alone, Category.OPTIMIZER)).isEqualTo(PARAMETERS * 12);
    assertThat(alive(alone, "gradient partition").bytes()).isEqualTo(PARAMETERS * 2);
    assertThat(alive(alone, "reduce bucket").bytes()).isEqualTo(800_000_000L);
  }

  @Test
  void zero1_keeps_all_gradients_until_they_are_reduced_and_zero2_does_not() {
    RankEstimate first = full("--framework deepspeed --strategy zero1 --count 4");
    RankEstimate second = full("--framework deepspeed --strategy zero2 --count 4");

    assertThat(bytes(first, Category.GRADIENTS) - bytes(second, Category.GRADIENTS))
        .isEqualTo(PARAMETERS * 2);
  }

  @Test
  void the_bucket_of_zero1_is_there_from_the_first_micro_batch_to_the_last() {
    String flags = "--framework deepspeed --strategy zero1 --count 4 --grad-accum ";

    long first = full(flags + 1).phasePeaks().get(Phase.FORWARD_LAYERS);
    long last = full(flags + 2).phasePeaks().get(Phase.FORWARD_LAYERS);

    assertThat(last - first).isEqualTo(PARAMETERS * 2 + 500_000_000L * 2);
  }

  @Test
  void a_rank_keeps_gradients_of_whole_parameters() {
    // Head and last projection are the first to make up the last rank's share of what decays, and
    // the last two norms that of what does not.
    long touched = EMBEDDING + 1024 * 2816 + 2 * 1024;

    RankEstimate estimate =
        full("--framework deepspeed --strategy zero2 --count 4 --reduce-bucket-size 10000000");

    assertThat(bytes(estimate, Category.GRADIENTS)).isEqualTo(touched * 2);
  }

  @Test
  void micro_batches_before_leave_a_second_partition_in_zero2() {
    RankEstimate estimate =
        full("--strategy zero2 --count 4 --grad-accum 2 --reduce-bucket-size 10000000");

    assertThat(alive(estimate, "gradient partition").count()).isEqualTo(2);
  }

  @Test
  void zero3_keeps_a_share_of_the_parameters_and_gathers_the_rest() {
    RankEstimate estimate = full("--strategy zero3 --count 4 --sequence-length 1024");

    assertThat(bytes(estimate, Category.WEIGHTS)).isEqualTo(SHARE * 2);
    assertThat(alive(estimate, "gathered parameters").bytes()).isEqualTo((PARAMETERS - NORMS) * 2);
    assertThat(alive(estimate, "persistent parameters").bytes()).isEqualTo(NORMS * 2);
  }

  @Test
  void what_is_gathered_together_is_there_twice_while_it_is_copied_out() {
    RankEstimate estimate = full("--strategy zero3 --count 4 --framework deepspeed");
    long gathered = (PARAMETERS - NORMS) * 2;
    long resident = SHARE * 16 + 500_000_000L * 2 + NORMS * 2;

    // All of this model is less than a prefetch bucket, and stays gathered for the backward pass.
    assertThat(estimate.phasePeaks().get(Phase.FORWARD_LAYERS))
        .isBetween(resident + 2 * gathered, resident + 2 * gathered + (1 << 22));
    assertThat(estimate.phasePeaks().get(Phase.BACKWARD_LAYERS))
        .isLessThan(resident + 2 * gathered);
  }

  /** TRL's evaluation calls the head for its metrics, which the loss of a step does not. */
  @Test
  void an_evaluation_in_another_order_leaves_steps_gathering_ahead() {
    String job = "--strategy zero3 --count 4 --framework trl --loss chunked ";
    RankEstimate alone = full(job);
    RankEstimate evaluated = full(job + "--evaluation-batches 2 --evaluation-metrics true");

    for (Phase phase : List.of(Phase.FORWARD_LAYERS, Phase.BACKWARD_HEAD, Phase.BACKWARD_LAYERS)) {
      assertThat(evaluated.phasePeaks().get(phase)).isEqualTo(alone.phasePeaks().get(phase));
    }
  }

  /** The reference's order ends gathering ahead for the step behind it, and not for the next. */
  @Test
  void a_step_that_repeats_another_gathers_ahead() {
    RankEstimate estimate =
        lora(
            "--strategy zero3 --count 4 --framework trl --stage grpo --engine none --beta 0.1"
                + " --group-size 2 --micro-batch 2 --completion-length 8 --iterations 2"
                + " --prefetch-bucket-size 50000000");
    long gathered = (PARAMETERS - NORMS) * 2;

    assertThat(estimate.phasePeaks().get(Phase.FORWARD_LAYERS))
        .isGreaterThan(500_000_000L * 2 + 2 * gathered);
  }

  /** Their product with the rounds is more than an int holds. */
  @Test
  void more_uses_of_what_is_generated_do_not_make_a_step_the_only_one() {
    String often =
        "--strategy zero3 --count 4 --framework trl --stage grpo --engine none --beta 0.1"
            + " --group-size 2 --micro-batch 2 --completion-length 8 --grad-accum 3000"
            + " --prefetch-bucket-size 50000000 --iterations ";

    assertThat(lora(often + 716_000).phasePeaks()).isEqualTo(lora(often + 2).phasePeaks());
  }

  @Test
  void zero3_on_one_gpu_gathers_nothing() {
    RankEstimate estimate = full("--strategy zero3 --count 1 --sequence-length 1024");

    assertThat(bytes(estimate, Category.GATHERED)).isZero();
    assertThat(bytes(estimate, Category.WEIGHTS)).isEqualTo(PARAMETERS * 2);
  }

  @Test
  void zero3_has_no_more_than_a_billion_parameters_gathered_at_a_time() {
    Architecture deep = Estimates.model("llama", Map.of("num_hidden_layers", 200));

    RankEstimate estimate =
        of(deep, "--method lora --strategy zero3 --count 64 --sequence-length 1024");

    // What a module needs is gathered all the same, here of the largest projection and norms.
    assertThat(alive(estimate, "gathered parameters").bytes())
        .isBetween(2_000_000_000L - 512, 2_000_000_000L + 2 * (1024 * 2816 + 2 * 1024));
  }

  @Test
  void frozen_weights_that_every_layer_leaves_whole_are_not_modelled_of_more_layers() {
    String flags =
        "--method lora --strategy zero3 --count 8 --checkpointing full"
            + " --checkpointing-reentrant true"
            + " --framework deepspeed --transformers 5.22.0 --torch ";
    Architecture deep = Estimates.model("llama", Map.of("num_hidden_layers", 130));

    assertThatThrownBy(() -> of(deep, flags + "2.14.0"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("of adapters on more than 129 layers under zero3");
    assertThat(of(deep, flags + "2.13.0").allocatedBytes()).isPositive();
  }

  /** GradientCheckpointingLayer.__init_subclass__: the checkpoint is around forward alone. */
  @Test
  void frozen_weights_go_with_the_layer_that_runs_again_since_transformers_5_23() {
    String flags =
        "--method lora --strategy zero3 --count 8 --checkpointing full"
            + " --checkpointing-reentrant true --framework deepspeed --torch 2.15.0"
            + " --transformers ";
    Architecture model = Estimates.model("llama", Map.of("num_hidden_layers", 129));
    long projections = 129 * 2L * (2 * 1024 * 1024 + 2 * 1024 * 256 + 3 * 1024 * 2816);

    long kept = of(model, flags + "5.22.0").phasePeaks().get(Phase.BACKWARD_LAYERS);
    long released = of(model, flags + "5.23.0").phasePeaks().get(Phase.BACKWARD_LAYERS);

    // All layers' in place of a billion.
    assertThat(kept - released).isGreaterThan(projections - 1_100_000_000L * 2);
    Architecture deeper = Estimates.model("llama", Map.of("num_hidden_layers", 130));
    assertThat(of(deeper, flags + "5.23.0").allocatedBytes()).isPositive();
  }

  @Test
  void frozen_parameters_are_divided_in_zero3_and_whole_in_zero2() {
    RankEstimate second = lora("--strategy zero2 --count 4");
    RankEstimate third = lora("--strategy zero3 --count 4");

    assertThat(bytes(second, Category.WEIGHTS)).isEqualTo(PARAMETERS * 2);
    assertThat(bytes(third, Category.WEIGHTS)).isEqualTo(SHARE * 2);
  }

  @Test
  void the_optimizer_knows_nothing_of_frozen_parameters() {
    RankEstimate estimate = lora("--strategy zero3 --count 4");

    assertThat(alive(estimate, "adapters").bytes() * 6)
        .isEqualTo(bytes(estimate, Category.OPTIMIZER));
  }

  @Test
  void zero3_steps_on_a_billion_at_a_time() {
    Architecture deep = Estimates.model("llama", Map.of("num_hidden_layers", 400));

    RankEstimate estimate = of(deep, "--method full --strategy zero3 --count 1");

    assertThat(estimate.peakPhase()).isEqualTo(Phase.STEP);
    assertThat(alive(estimate, "flat gradients").bytes())
        .isBetween(2 * 1_000_000_000L, 2 * 1_003_000_000L);
    assertThat(alive(estimate, "gradients in fp32").bytes())
        .isEqualTo(2 * alive(estimate, "flat gradients").bytes());
  }

  @Test
  void an_offloaded_optimizer_of_zero2_is_on_the_host_with_its_gradients() {
    RankEstimate estimate = full("--strategy zero2 --count 4 --offload optimizer");

    // Masters, their gradients, two moments, 16-bit results; and the largest gradient in transit.
    assertThat(estimate.hostBytes()).isEqualTo(SHARE * (4 + 4 + 8 + 2) + EMBEDDING * 2);
    assertThat(bytes(estimate, Category.OPTIMIZER)).isZero();
    assertThat(alive(estimate, "gradient staging buffer").bytes()).isEqualTo(EMBEDDING * 2);
  }

  @Test
  void earlier_micro_batches_leave_their_gradients_on_the_host() {
    RankEstimate one = full("--strategy zero2 --count 1 --offload optimizer");
    RankEstimate two = full("--strategy zero2 --count 1 --offload optimizer --grad-accum 2");

    assertThat(two.hostBytes() - one.hostBytes()).isEqualTo(PARAMETERS * 2);
    assertThat(two.allocatedBytes()).isEqualTo(one.allocatedBytes());
  }

  @Test
  void zero3_can_have_everything_but_what_is_in_use_on_the_host() {
    RankEstimate estimate = full("--strategy zero3 --count 4 --offload parameters,optimizer");

    // Parameters, masters, their gradients, two moments, and 16-bit gradients.
    assertThat(estimate.hostBytes()).isEqualTo(SHARE * (2 + 4 + 4 + 8 + 2));
    assertThat(estimate.breakdown()).doesNotContainKeys(Category.WEIGHTS, Category.OPTIMIZER);
    assertThat(bytes(estimate, Category.GATHERED)).isEqualTo(PARAMETERS * 2);
  }

  @Test
  void one_gpu_gathers_what_it_has_offloaded() {
    RankEstimate estimate = full("--strategy zero3 --count 1 --offload parameters,optimizer");

    // Gradients of layers weigh most, and by then the head is divided again.
    assertThat(bytes(estimate, Category.GATHERED)).isEqualTo((PARAMETERS - EMBEDDING) * 2);
    assertThat(estimate.hostBytes()).isEqualTo(PARAMETERS * 20);
  }

  @Test
  void tensor_parallel_ranks_divide_what_zero_divides_among_data_parallel_ones() {
    String release = "--transformers 5.24.0 ";
    RankEstimate one = full(release + "--strategy zero3 --count 4");
    RankEstimate two = full(release + "--strategy zero3 --count 8 --tensor 2");

    assertThat(bytes(two, Category.OPTIMIZER)).isLessThan(bytes(one, Category.OPTIMIZER) * 3 / 5);
  }
}
