package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Living;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that run more than one pass, as preference stages do. */
class PassListTest {

  private static final PassBatch BATCH = new PassBatch(2, 256);
  private static final Pass POLICY = new Pass(ResidentModel.POLICY, true, BATCH, LossKernel.FULL);
  private static final Pass COPY = new Pass(ResidentModel.REFERENCE, false, BATCH, LossKernel.FULL);
  private static final String LORA = "--method lora --targets all-linear ";

  private final Architecture llama = Steps.model("llama", Map.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method lora",
        "--method lora --checkpointing full",
        "--method lora --checkpointing full --checkpointing-reentrant true",
        "--method lora --checkpointing offloaded",
        "--method lora --precision bf16 --attention eager",
        "--method qlora --loss liger",
        "--method dora --loss cce",
        "--method oft --checkpointing full",
        "--method ia3 --targets q_proj,down_proj",
        "--method vera --checkpointing full",
        "--method loha --checkpointing full",
        "--method lokr --rank 4",
        "--method miss --rank 12 --dropout 0.1",
        "--method full --grad-accum 2",
        "--method full --compile true",
        "--method full --offload activations",
        "--method freeze --transformers 5.1.0",
        "--method full --strategy ddp --count 2",
        "--method full --strategy fsdp1 --count 2",
        "--method full --strategy fsdp2 --count 2",
        "--method full --strategy fsdp2 --count 2 --checkpointing full",
        "--method lora --strategy fsdp1 --count 2 --checkpointing full",
        "--method full --strategy zero1 --count 2",
        "--method full --strategy zero2 --count 2 --grad-accum 2",
        "--method full --strategy zero3 --count 2",
        "--method lora --strategy zero3 --count 2"
      })
  void a_forward_pass_without_a_graph_between_forward_and_backward_leaves_nothing(String flags) {
    AllocationTrace alone = Steps.trace(llama, flags, List.of(POLICY));
    AllocationTrace both = Steps.trace(llama, flags, List.of(POLICY, POLICY.withoutGraph()));

    WellFormed.check(alone);
    WellFormed.check(both);
    assertThat(Living.bytes(both)).isEqualTo(Living.bytes(alone));
    assertThat(TraceReading.of(both).peakBytes())
        .isBetween(TraceReading.of(alone).peakBytes(), 2 * TraceReading.of(alone).peakBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method lora",
        "--method full --strategy ddp --count 2",
        "--method full --strategy fsdp2 --count 2",
        "--method full --strategy zero2 --count 2",
        "--method full --strategy zero3 --count 2 --param-persistence-threshold 0"
      })
  void a_frozen_copy_adds_its_weights_and_nothing_that_training_takes(String flags) {
    AllocationTrace alone = Steps.trace(llama, flags, List.of(POLICY));
    AllocationTrace both = Steps.trace(llama, flags, List.of(POLICY, COPY));

    WellFormed.check(both);
    long added = Living.bytes(both) - Living.bytes(alone);
    long load = episode(both, 0) - episode(alone, 0);
    assertThat(added).isPositive().isEqualTo(load);
  }

  /** Embedding, norm and head are the root's, which is given up behind a backward pass alone. */
  @Test
  void a_frozen_copy_under_fsdp1_leaves_its_root_gathered() {
    String flags = "--method full --strategy fsdp1 --count 2";
    AllocationTrace alone = Steps.trace(llama, flags, List.of(POLICY));
    AllocationTrace both = Steps.trace(llama, flags, List.of(POLICY, COPY));

    WellFormed.check(both);
    long added = Living.bytes(both) - Living.bytes(alone);
    long load = episode(both, 0) - episode(alone, 0);
    assertThat(added - load).isEqualTo((2 * 8192 * 1024 + 1024) * 2);
  }

  @Test
  void the_reference_runs_on_top_of_what_the_policy_saved() {
    long policy = forwardPeak(List.of(POLICY));
    long both = forwardPeak(List.of(POLICY, POLICY.withoutGraph()));
    long before = forwardPeak(List.of(POLICY.withoutGraph(), POLICY));

    assertThat(both).isGreaterThan(policy);
    assertThat(before).isLessThan(both);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--method lora", "--method dora"})
  void adapters_that_are_off_run_the_base_alone(String flags) {
    String targets = flags + " --targets all-linear";
    TraceReading on = Steps.reading(llama, targets, List.of(POLICY, POLICY.withoutGraph()));
    TraceReading off = Steps.reading(llama, targets, List.of(POLICY, POLICY.withoutAdapters()));
    TraceReading copy = Steps.reading(llama, targets, List.of(POLICY, COPY));
    long policy = off.phasePeaks().get(Phase.NO_GRAD_LAYERS);

    assertThat(policy).isLessThan(on.phasePeaks().get(Phase.NO_GRAD_LAYERS));
    assertThat(policy - off.phaseEnds().get(Phase.FORWARD_HEAD))
        .isEqualTo(
            copy.phasePeaks().get(Phase.NO_GRAD_LAYERS) - copy.phaseEnds().get(Phase.FORWARD_HEAD));
  }

  @Test
  void passes_run_over_batches_of_their_own() {
    Pass larger = new Pass(ResidentModel.POLICY, false, new PassBatch(8, 256), LossKernel.FULL);
    TraceReading alone = Steps.reading(llama, LORA, List.of(POLICY));
    TraceReading both = Steps.reading(llama, LORA, List.of(POLICY, larger));
    long inputs = 3L * 8 * 8 * 256;

    assertThat(both.phasePeaks().get(Phase.BACKWARD_LAYERS))
        .isEqualTo(alone.phasePeaks().get(Phase.BACKWARD_LAYERS) + inputs);
    assertThat(both.phasePeaks().get(Phase.NO_GRAD_HEAD))
        .isGreaterThan(alone.phasePeaks().get(Phase.FORWARD_HEAD) + inputs);
  }

  @Test
  void the_allocator_replays_a_list_of_passes() {
    AllocationTrace both = Steps.trace(llama, LORA, List.of(POLICY, COPY));
    AllocatorReplay replay = new AllocatorReplay(both, AllocatorSettings.DEFAULT);
    long peak = TraceReading.of(both).peakBytes();

    assertThat(replay.reservedBytes()).isBetween(peak, 2 * peak);
  }

  @Test
  void a_model_that_is_not_trained_gets_no_graph_and_a_step_needs_one() {
    assertThatThrownBy(() -> new Pass(ResidentModel.REFERENCE, true, BATCH, LossKernel.FULL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Episode.Step(List.of(POLICY.withoutGraph())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private long forwardPeak(List<Pass> passes) {
    Map<Phase, Long> peaks = Steps.reading(llama, LORA, passes).phasePeaks();
    return Math.max(peaks.get(Phase.FORWARD_HEAD), peaks.getOrDefault(Phase.NO_GRAD_HEAD, 0L));
  }

  private static long episode(AllocationTrace trace, int index) {
    return TraceReading.of(trace).episodes().get(index).bytes();
  }
}
