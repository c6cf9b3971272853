package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroChecksTest {

  private static void assertRefused(String flags, String message) {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void stage_3_of_another_zero_is_not_modelled() {
    String flags = "--framework colossalai --strategy zero3 --count 4";

    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "parallelism.strategy zero3 under a framework whose ZeRO is not DeepSpeed's is not"
                + " modelled yet");
  }

  @Test
  void only_stage_3_offloads_parameters() {
    assertRefused(
        "--strategy zero2 --offload parameters",
        "parallelism.offload"
            + " has parameters, but parallelism.strategy zero2 keeps them whole on every GPU,"
            + " allowed:"
            + " optimizer, or parallelism.strategy zero3");
  }

  @Test
  void offloaded_states_need_an_optimizer_that_runs_on_cpus() {
    assertRefused(
        "--strategy zero3 --offload optimizer --optimizer adamw-8bit",
        "optimizer.name is adamw-8bit, but DeepSpeed steps on offloaded states with its CPU"
            + " optimizers alone, allowed: adamw, lion, or parallelism.offload without optimizer");
  }

  @Test
  void galore_needs_matrices() {
    assertRefused(
        "--strategy zero2 --method galore",
        "optimizer.name is galore, which projects matrices, but parallelism.strategy zero2 hands"
            + " flat"
            + " partitions to the optimizer, allowed: another optimizer, or parallelism.strategy"
            + " none, ddp");
  }

  @Test
  void the_step_comes_after_the_backward_pass() {
    assertRefused(
        "--strategy zero1 --method full --in-backward true",
        "optimizer.in_backward is true, but parallelism.strategy zero1 steps after the backward"
            + " pass, allowed:"
            + " false, or parallelism.strategy none, fsdp2");
  }

  @Test
  void pipeline_stages_go_with_stage_1_alone() {
    assertRefused(
        "--strategy zero2 --count 4 --pipeline 2",
        "parallelism.pipeline is 2, but parallelism.strategy zero2 divides gradients, which"
            + " pipeline stages"
            + " accumulate, allowed: 1, or parallelism.strategy zero1");
  }

  @Test
  void old_4_bit_weights_cannot_be_divided() {
    assertRefused(
        "--strategy zero3 --count 2 --method qlora --bitsandbytes 0.42.0",
        "framework.bitsandbytes is 0.42.0, whose 4-bit weights parallelism.strategy zero3 cannot"
            + " divide,"
            + " allowed: 0.43 or newer, or parallelism.strategy zero2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--strategy zero3 --count 2 --offload parameters,optimizer --optimizer lion",
        "--strategy zero2 --count 2 --offload optimizer",
        "--strategy zero2 --count 2 --method qlora --bitsandbytes 0.42.0",
        "--strategy zero3 --count 2 --method qlora --bitsandbytes 0.43.0",
        "--strategy zero3 --count 2 --optimizer adamw-8bit"
      })
  void what_deepspeed_can_run_is_estimated(String flags) {
    assertThat(Estimates.of(Estimates.llama(false), flags).allocatedBytes()).isPositive();
  }
}
