package dev.vramcast.core.shard.zero.gather;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Modules of 8, 6 and 5 units of 512 bytes on one rank, and one of 2, which is small. A bucket of 9
 * is gathered ahead at a time, and 16 at most. The rules are those of
 * deepspeed/runtime/zero/partitioned_param_coordinator.py.
 */
class ParameterCoordinatorTest {

  private static final long[] UNITS = {8, 6, 5, 2};

  private final TracedCall run = new TracedCall();
  private GatheringModules modules;
  private ParameterCoordinator coordinator;
  private final List<Parameter> parameters = new ArrayList<>();

  /** Modules whose parameters do not come again before so many units of others. */
  private void model(long reuse, boolean trained) {
    model(reuse, trained, true);
  }

  /** As above, and whether what runs again saves values. */
  private void model(long reuse, boolean trained, boolean values) {
    var limits = new GatherSizes.Limits(units(9), units(2), units(16), units(reuse));
    GatherSizes sizes =
        new GatherSizes(
            limits,
            1,
            0,
            GatherSizes.Front.NONE,
            new GatherSizes.Again(true, values, false),
            false,
            Set.of());
    modules = new GatheringModules(sizes);
    for (int i = 0; i < UNITS.length; i++) {
      long elements = units(UNITS[i]);
      Parameter parameter =
          Parameter.gathered(
              run.graph,
              "weight",
              elements,
              BF16,
              trained,
              1,
              new Parameter.Kept(elements, BF16, true));
      parameters.add(parameter);
      modules.give(i, new StoredParameter(i, parameter, elements, BF16, trained, false));
    }
    coordinator = new ParameterCoordinator(sizes, new GatherMemory(run.graph, sizes), modules);
    coordinator.write();
  }

  private static long units(long count) {
    return TracedCall.elements(count, BF16);
  }

  private static ModuleId module(int number) {
    return new ModuleId(number, 0);
  }

  private void calls(int... numbers) {
    IntStream.of(numbers).forEach(this::call);
  }

  private void call(int number) {
    coordinator.forward(module(number), false);
    coordinator.endForward(module(number), false);
  }

  @Test
  void a_first_step_gathers_what_a_module_needs_and_gives_it_up_behind_it() {
    model(0, true);
    coordinator.reset();

    assertThat(run.during(() -> calls(0, 1))).isEqualTo("+8 -8 +6 -6");
  }

  /** 6 and 5 come in one buffer, out of which they are copied when the first is asked for. */
  @Test
  void a_step_that_was_seen_gathers_a_bucket_ahead() {
    model(0, true);
    coordinator.reset();
    calls(0, 1, 2);
    coordinator.reset();

    assertThat(run.during(() -> calls(0))).isEqualTo("+8 +11 -8");
    assertThat(run.during(() -> calls(1))).isEqualTo("+6 +5 -6");
    assertThat(run.during(() -> calls(2))).isEqualTo("-11 -5");
  }

  /** 8 are there, and 8 more are allowed, so that one parameter of 12 is begun with. */
  @Test
  void no_more_is_gathered_ahead_than_may_be_live() {
    model(0, true);
    coordinator.reset();
    calls(0, 1, 0, 2, 2);
    coordinator.reset();
    coordinator.forward(module(0), false);

    // 6 and 5 reach the 8 that are left; the second use of 8 is passed by.
    assertThat(run.during(() -> coordinator.endForward(module(0), false))).isEmpty();
  }

  @Test
  void what_comes_again_soon_stays() {
    model(7, true);
    coordinator.reset();
    calls(0, 1, 0, 1, 2);
    coordinator.reset();
    calls(0);

    assertThat(run.during(() -> calls(1))).doesNotContain("-6");
    assertThat(run.during(() -> calls(0))).endsWith("-8");
  }

  @Test
  void another_order_than_the_one_that_was_seen_ends_gathering_ahead() {
    model(0, true);
    coordinator.reset();
    calls(0, 1, 2);
    coordinator.reset();

    assertThat(run.during(() -> calls(2, 1))).isEqualTo("+5 -5 +6 -6");
  }

  /** The queue of the first gather is 6 and 5, of which nobody asks for either. */
  @Test
  void what_was_gathered_ahead_in_vain_keeps_its_buffer_until_all_of_it_is_let_go() {
    model(0, true);
    coordinator.reset();
    calls(0, 1, 2);
    coordinator.reset();
    coordinator.forward(module(0), false);

    assertThat(run.during(coordinator::invalidate)).isEqualTo("+6 +5 -6 -5 -11");
  }

  @Test
  void small_parameters_are_there_from_the_first_step_on() {
    model(0, true);
    coordinator.reset();
    calls(3);

    assertThat(run.during(coordinator::endStep)).isEqualTo("+2");
    coordinator.reset();
    assertThat(run.during(() -> calls(3))).isEmpty();
  }

  /** A checkpoint that runs again inside the backward pass of another module. */
  @Test
  void frozen_parameters_of_a_checkpoint_stay_until_the_backward_pass_that_began_last_ends() {
    model(0, false);
    coordinator.reset();
    coordinator.backward(module(0));

    assertThat(run.during(() -> again(1))).isEqualTo("+6");
    assertThat(run.during(() -> coordinator.endBackward(module(0)))).isEqualTo("-8 -6");
  }

  /** Saved tensors of trained parameters keep what was gathered. */
  @Test
  void trained_parameters_of_a_checkpoint_are_gathered_twice() {
    model(0, true);
    coordinator.reset();
    coordinator.backward(module(0));

    assertThat(run.during(() -> again(1))).isEqualTo("+6");
    assertThat(run.during(() -> coordinator.backward(module(1)))).isEqualTo("+6");
    assertThat(run.during(() -> coordinator.endBackward(module(1)))).isEqualTo("-6 -6");
  }

  /** Reentrant ones save the parameters themselves. */
  @Test
  void trained_parameters_of_a_reentrant_checkpoint_are_not_kept() {
    model(0, true, false);
    coordinator.reset();
    coordinator.backward(module(0));

    assertThat(run.during(() -> again(1))).isEqualTo("+6 -6");
  }

  @Test
  void a_view_keeps_the_values_that_were_gathered_when_it_was_taken() {
    model(0, true);
    coordinator.reset();
    coordinator.forward(module(1), false);
    Tensor view = parameters.get(1).view(run.graph);

    assertThat(run.during(() -> coordinator.endForward(module(1), false))).isEmpty();
    assertThat(run.during(() -> coordinator.backward(module(1)))).isEqualTo("+6");
    assertThat(run.during(() -> run.graph.release(view))).isEqualTo("-6");
  }

  private void again(int number) {
    coordinator.forward(module(number), true);
    coordinator.endForward(module(number), true);
  }

  @Test
  void modules_whose_inputs_have_no_gradient_give_up_theirs_behind_the_backward_pass() {
    model(0, true);
    coordinator.reset();
    coordinator.backward(module(0));

    assertThat(run.during(coordinator::endBackward)).isEqualTo("-8");
  }

  @Test
  void an_order_that_is_forgotten_gathers_nothing_ahead() {
    model(0, true);
    coordinator.reset();
    calls(0, 1, 2);
    coordinator.reset();
    coordinator.invalidate();

    assertThat(run.during(() -> calls(0, 1))).isEqualTo("+8 -8 +6 -6");
  }

  /**
   * __params_to_release is asked once for a module and a step: the first order called the module of
   * 8 once, the second twice.
   */
  @Test
  void what_could_go_behind_a_module_is_not_asked_again_when_the_order_changes() {
    model(100, true);
    coordinator.reset();
    calls(0, 1);
    coordinator.reset();
    calls(0, 1);
    coordinator.reset();
    calls(0, 2);
    coordinator.reset();
    calls(0, 1, 0);
    coordinator.reset();

    assertThat(run.during(() -> calls(0))).isEqualTo("+8 +6 -8");
  }
}
