package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Micro-batches of which the last reduces what the others leave: a trace has the last alone. */
class EarlierMicroBatchTest {

  private final AllocationTrace.Writer writer = new AllocationTrace.Writer();

  private final Block earlier = block("gradient", Category.GRADIENTS, 4);
  private final Block gradient = block("gradient", Category.GRADIENTS, 4);
  private final Block inputs = block("inputs", Category.OTHER, 1);

  @Test
  void the_first_makes_the_gradient_that_the_last_reduces() {
    writer.allocate(earlier);
    writer.earlier(
        () -> {
          writer.phase(Phase.FORWARD_LAYERS);
          writer.allocate(inputs);
          writer.phase(Phase.BACKWARD_LAYERS);
          writer.allocate(gradient);
          writer.free(gradient);
        });
    last();

    assertThat(firstStep()).startsWith("+1 0", "+4 1", "-0", "+4 2", "-2", "-1");
  }

  /** DeepSpeed's masters come with the model, and states when gradients have been made fp32. */
  @Test
  void states_are_made_where_the_optimizer_first_steps_and_masters_before() {
    writer.allocate(block(Block.MASTER_WEIGHTS, Category.OPTIMIZER, 4));
    writer.allocate(block("optimizer states", Category.OPTIMIZER, 8));
    Block wide = block("gradients in fp32", Category.TEMPORARIES, 2);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(inputs);
    writer.free(inputs);
    writer.phase(Phase.STEP);
    writer.allocate(wide);
    writer.statesMade();
    writer.free(wide);

    assertThat(firstStep()).startsWith("+4 0", "+1 1", "-1", "+2 2", "+8 3", "-2");
  }

  @Test
  void gradients_of_equal_layers_are_reduced_in_the_order_in_which_they_came() {
    writer.repeat(2, () -> writer.allocate(earlier));
    writer.earlier(
        () -> {
          writer.phase(Phase.BACKWARD_LAYERS);
          writer.repeat(2, () -> writer.allocate(gradient));
          writer.repeat(2, () -> writer.free(gradient));
        });
    writer.phase(Phase.BACKWARD_LAYERS);
    writer.repeat(2, () -> writer.free(earlier));
    writer.phase(Phase.STEP);

    assertThat(firstStep()).startsWith("+4 0", "+4 1", "-0", "-1");
  }

  @Test
  void a_gradient_of_another_dtype_is_made_before_the_one_that_has_come_goes() {
    Block wide = new Block("gradient", Category.GRADIENTS, DataType.FP32, 4 << 20);
    Block narrow = new Block("gradient", Category.GRADIENTS, DataType.BF16, 4 << 20);
    writer.allocate(wide);
    writer.earlier(
        () -> {
          writer.phase(Phase.BACKWARD_LAYERS);
          writer.allocate(narrow);
          writer.free(narrow);
        });
    writer.phase(Phase.BACKWARD_LAYERS);
    writer.free(wide);
    writer.phase(Phase.STEP);

    assertThat(firstStep()).startsWith("+8 0", "+16 1", "-0", "-1");
  }

  @Test
  void nothing_of_it_is_on_the_trace() {
    writer.earlier(() -> writer.allocate(inputs));
    writer.earlier(() -> writer.allocate(gradient));
    AllocationTrace trace = writer.finish();

    assertThat(trace.size()).isZero();
    assertThat(trace.earlier().trace().block(0)).isSameAs(inputs);
  }

  @Test
  void the_first_of_a_run_comes_once_before_all_others() {
    Block kept = block("hidden states", Category.ACTIVATIONS, 8);
    writer.opening(
        () -> {
          writer.phase(Phase.FORWARD_LAYERS);
          writer.allocate(kept);
          writer.allocate(inputs);
          writer.free(kept);
        });
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(gradient);
    writer.free(gradient);
    writer.phase(Phase.STEP);

    assertThat(firstStep()).containsExactly("+8 0", "+1 1", "-0", "-1", "+4 2", "-2", "+4 3", "-3");
  }

  @Test
  void an_iteration_keeps_what_it_has_made_and_frees_what_the_one_before_has() {
    Block first = block("all-gather buffer", Category.COMMUNICATION, 2);
    Block next = block("all-gather buffer", Category.COMMUNICATION, 2);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(first);
    writer.repeat(
        3,
        () -> {
          writer.allocate(next);
          writer.free(first);
        });
    writer.free(next);
    writer.phase(Phase.STEP);

    assertThat(firstStep()).startsWith("+2 0", "+2 1", "-0", "+2 2", "-1", "+2 3", "-2", "-3");
  }

  private void last() {
    writer.phase(Phase.BACKWARD_LAYERS);
    writer.allocate(gradient);
    writer.free(gradient);
    writer.free(earlier);
    writer.phase(Phase.STEP);
  }

  /** What is asked for, with its MiB, and given back. */
  private List<String> firstStep() {
    return new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT)
        .operations().stream().map(EarlierMicroBatchTest::text).toList();
  }

  private static String text(AllocatorOperation operation) {
    return operation instanceof AllocatorOperation.Allocate asked
        ? "+" + (asked.bytes() >> 20) + " " + asked.number()
        : "-" + operation.number();
  }

  private static Block block(String name, Category category, long mib) {
    return new Block(name, category, DataType.UINT8, mib << 20);
  }
}
