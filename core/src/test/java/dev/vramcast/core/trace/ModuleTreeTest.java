package dev.vramcast.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is alive at the peak, by the module that made it. */
class ModuleTreeTest {

  private static AllocationTrace trace(String flags) {
    return Estimates.of(Estimates.llama(false), flags).trace();
  }

  private static Stream<ModuleTree> all(ModuleTree tree) {
    return Stream.concat(Stream.of(tree), tree.modules().stream().flatMap(ModuleTreeTest::all));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method qlora --checkpointing full",
        "--method full --strategy fsdp2 --count 4",
        "--method full --strategy zero3 --count 4",
        "--method full --strategy megatron --tensor 2 --count 2"
      })
  void the_tensors_of_all_modules_are_the_peak(String flags) {
    AllocationTrace trace = trace(flags);
    TraceReading reading = TraceReading.of(trace);
    ModuleTree tree = ModuleTree.of(trace);

    assertThat(tree.bytes()).isEqualTo(reading.peakBytes());
    assertThat(tree.ownPeakBytes()).isEqualTo(reading.peakBytes());
    assertThat(all(tree))
        .allSatisfy(
            module ->
                assertThat(
                        module.modules().stream().mapToLong(ModuleTree::bytes).sum()
                            + module.tensors().stream().mapToLong(LiveTensor::bytes).sum())
                    .as(module.path())
                    .isEqualTo(module.bytes())
                    .isLessThanOrEqualTo(module.ownPeakBytes()));
  }

  @Test
  void a_module_may_have_had_more_than_it_has_at_the_peak() {
    AllocationTrace trace = trace("--method lora --checkpointing full --micro-batch 8");

    assertThat(all(ModuleTree.of(trace)).filter(module -> module.path().endsWith(".*.mlp")))
        .singleElement()
        .satisfies(mlp -> assertThat(mlp.ownPeakBytes()).isGreaterThan(mlp.bytes()));
  }

  @Test
  void what_is_alive_at_the_peak_of_a_phase_sums_up_to_it() {
    AllocationTrace trace = trace("--method lora --checkpointing full");
    Map<Phase, Long> peaks = TraceReading.of(trace).phasePeaks();

    assertThat(peaks)
        .allSatisfy(
            (phase, bytes) -> {
              List<LiveTensor> alive = LiveTensor.atPeakOf(trace, phase);
              assertThat(alive.stream().mapToLong(LiveTensor::bytes).sum())
                  .as(phase.label())
                  .isEqualTo(bytes);
            });
  }
}
