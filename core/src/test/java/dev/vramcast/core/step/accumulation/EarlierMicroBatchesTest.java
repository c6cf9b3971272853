package dev.vramcast.core.step.accumulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.step.WellFormed;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Micro-batches before the last of a step, whose gradients only the last reduces. */
class EarlierMicroBatchesTest {

  private static final String FULL = "--method full --count 2 --model-dtype fp32 --grad-accum 3";

  @ParameterizedTest
  @ValueSource(
      strings = {
        FULL + " --strategy fsdp1",
        FULL + " --strategy fsdp2",
        FULL + " --strategy fsdp2 --reduce-dtype fp32",
        "--method lora --count 2 --grad-accum 4 --strategy fsdp1",
        "--method lora --count 2 --grad-accum 4 --strategy fsdp2 --checkpointing full",
      })
  void they_reduce_nothing_and_leave_nothing_but_what_they_found(String flags) {
    AllocationTrace trace = earlier(flags).trace();

    WellFormed.check(trace);
    assertThat(streams(trace)).doesNotContain(Stream.POST_BACKWARD, Stream.REDUCE_SCATTER);
    for (Category category : Category.values()) {
      assertThat(trace.aliveAtEnd(category)).as(category.name()).isZero();
    }
  }

  /** The sum is what is reduced; what the last micro-batch adds to it is not. */
  @Test
  void fsdp1_reduces_the_gradient_that_the_first_has_made() {
    AllocationTrace trace = trace(FULL + " --strategy fsdp1");

    assertThat(stream(trace, "gradient")).isEqualTo(Stream.COMPUTE_READ_ASIDE);
    assertThat(stream(trace, "flat gradient")).isEqualTo(Stream.COMPUTE);
  }

  /** It begins without them, so that the step is written as it runs. */
  @ParameterizedTest
  @ValueSource(strings = {"--method full", "--method lora --reshard-after-forward false"})
  void the_first_of_two_is_on_the_trace_where_it_may_be_the_higher_one(String flags) {
    String all = flags + " --count 2 --model-dtype fp32 --strategy fsdp1 --grad-accum ";
    AllocationTrace trace = trace(all + 2);

    assertThat(trace.earlier()).isNull();
    WellFormed.check(trace);
    assertThat(trace.aliveAtEnd(Category.GRADIENTS))
        .isEqualTo(trace(all + 1).aliveAtEnd(Category.GRADIENTS));
  }

  /** Contexts of its 4-bit products live on where a name holds its outputs. */
  @ParameterizedTest
  @ValueSource(strings = {"accelerate", "pytorch"})
  void what_contexts_hold_of_it_stays_on_its_own_trace(String framework) {
    AllocationTrace trace =
        trace(
            "--method qlora --strategy fsdp1 --count 2 --grad-accum 2 --checkpointing none"
                + " --bitsandbytes 0.43 --framework "
                + framework);
    AllocationTrace earlier = Objects.requireNonNull(trace.earlier()).trace();

    WellFormed.check(trace);
    WellFormed.check(earlier);
    assertThat(blocks(trace, AllocationTrace.Kind.ALLOCATE))
        .containsAll(blocks(trace, AllocationTrace.Kind.FREE));
    for (Category category : Category.values()) {
      assertThat(earlier.aliveAtEnd(category)).as(category.name()).isZero();
    }
  }

  /** Nothing but {@code no_sync} keeps FSDP1 from it, and those loops never enter it. */
  @ParameterizedTest
  @ValueSource(strings = {"fsdp_qlora", "llama-recipes", "verl-sft", "verl"})
  void a_loop_without_no_sync_reduces_the_gradients_of_every_one(String framework) {
    AllocationTrace trace = trace(FULL + " --strategy fsdp1 --framework " + framework);

    assertThat(trace.earlier()).isNull();
  }

  @Test
  void others_have_none_that_differ_from_the_last() {
    String accumulated = "--method full --count 2 --grad-accum 2";

    assertThat(trace(accumulated + " --strategy ddp").earlier()).isNull();
    assertThat(trace(accumulated + " --strategy zero2").earlier()).isNull();
    assertThat(trace("--method full --count 2 --strategy fsdp2").earlier()).isNull();
  }

  private static Set<Stream> streams(AllocationTrace trace) {
    Set<Stream> streams = new TreeSet<>();
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE) {
        streams.add(trace.block(i).stream());
      }
    }
    return streams;
  }

  private static Set<Block> blocks(AllocationTrace trace, AllocationTrace.Kind kind) {
    Set<Block> blocks = new LinkedHashSet<>();
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == kind) {
        blocks.add(trace.block(i));
      }
    }
    return blocks;
  }

  private static Stream stream(AllocationTrace trace, String name) {
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE) {
        Block block = trace.block(i);
        if (block.name().equals(name)) {
          return block.stream();
        }
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static AllocationTrace.Earlier earlier(String flags) {
    return Objects.requireNonNull(trace(flags).earlier());
  }

  private static AllocationTrace trace(String flags) {
    return Estimates.of(Estimates.llama(false), flags).trace();
  }
}
