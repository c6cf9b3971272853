package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.EndedException;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.replay.program.Loading;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptedReplayTest {

  private static final int LAYERS = 800;

  /** Counts what it is asked for, and is interrupted after so many requests. */
  private static final class Counting extends TwoSteps {

    private final int[] living;
    private final int last;
    private int requests;

    Counting(ReplayProgram program, int last) {
      super(program);
      this.living = new int[blocks()];
      this.last = last;
    }

    @Override
    void waitForStreams() {}

    @Override
    void reduced(int number) {}

    @Override
    void reverse(int number) {}

    @Override
    boolean freeSecond(int number) {
      return false;
    }

    @Override
    boolean allocate(int number) {
      requests++;
      if (requests == last) {
        Thread.currentThread().interrupt();
      }
      living[number]++;
      return true;
    }

    @Override
    boolean lives(int number) {
      return living[number] > 0;
    }

    @Override
    void freeYoungest(int number) {
      living[number]--;
    }
  }

  @AfterEach
  void forget() {
    Thread.interrupted();
  }

  @Test
  void a_replay_that_is_interrupted_ends_with_the_layer_that_it_is_in() {
    Block kept = block("kept");
    Block scratch = block("scratch");
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.FORWARD_LAYERS);
    writer.repeat(
        LAYERS,
        () -> {
          writer.allocate(scratch);
          writer.allocate(kept);
          writer.free(scratch);
        });
    writer.repeat(LAYERS, () -> writer.free(kept));
    writer.phase(Phase.STEP);
    ReplayProgram program = new ReplayProgram(writer.finish(), Loading.PLAIN);
    Counting whole = new Counting(program, Integer.MAX_VALUE);
    Counting interrupted = new Counting(program, 1001);

    assertThat(whole.run()).isTrue();
    assertThat(whole.requests).isEqualTo(2 * 2 * LAYERS);
    assertThatThrownBy(interrupted::run).isInstanceOf(EndedException.class);
    assertThat(interrupted.requests).isEqualTo(1002);
  }

  private static Block block(String name) {
    return new Block(name, Category.ACTIVATIONS, DataType.UINT8, 1 << 21);
  }
}
