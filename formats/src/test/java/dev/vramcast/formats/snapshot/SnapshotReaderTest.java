package dev.vramcast.formats.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.calibration.Component;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.pickle.PickleBounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The snapshots are written by {@code make_snapshots.py} beside them, which says what they hold.
 */
class SnapshotReaderTest {

  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"step.pickle", "step_protocol2.pickle"})
  void the_peak_of_a_trace_is_divided_by_the_stacks(String name) throws IOException {
    Run run = read(name);

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(150 * MIB);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(152 * MIB);
    assertThat(run.peak())
        .isEqualTo(
            Map.of(
                Component.WEIGHTS, 64 * MIB,
                Component.OPTIMIZER, 32 * MIB,
                Component.STEP, 24 * MIB,
                Component.LOGITS_AND_LOSS, 22 * MIB,
                Component.GRADIENTS, 8 * MIB));
  }

  @Test
  void what_a_cut_trace_does_not_see_the_birth_of_was_there_before() throws IOException {
    Run run = read("cut_trace.pickle");

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(150 * MIB);
    assertThat(run.peak())
        .containsEntry(Component.BEFORE, 64 * MIB)
        .containsEntry(Component.OPTIMIZER, 32 * MIB);
  }

  @Test
  void without_a_trace_nothing_is_said_about_a_peak() throws IOException {
    Run run = read("no_trace.pickle");

    assertThat(run.figures()).containsOnlyKeys(RunFigure.RESERVED);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(96 * MIB);
    assertThat(run.peak()).isEmpty();
    assertThat(run.notes()).singleElement().asString().contains("no trace");
  }

  /** {@code {"segments": [s] * 1000}} where each {@code s} has a thousand times the same block. */
  @Test
  void references_that_multiply_are_refused() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    write(pickle, "\u0080\u0004}\u008c\u0008segments](}(");
    write(pickle, "\u008c\ntotal_sizeK\u0001\u008c\u0007addressK\u0001\u008c\u0006blocks](}(");
    write(pickle, "\u008c\u0004sizeK\u0001u");
    for (int i = 0; i < 1000; i++) {
      write(pickle, i == 0 ? "\u0094" : "h\u0000");
    }
    write(pickle, "eu");
    for (int i = 0; i < 1000; i++) {
      write(pickle, i == 0 ? "\u0094" : "h\u0001");
    }
    write(pickle, "es.");
    PickleBounds bounds = new PickleBounds(1 << 20, 100, 10_000, 100_000, 10_000);

    assertThatThrownBy(() -> read(pickle.toByteArray(), bounds))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more references than a snapshot has");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0080\u0004N.", "\u0080\u0004].", "\u0080\u0004}."})
  void other_data_are_no_snapshot(String pickle) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(bytes, pickle);

    assertThatThrownBy(() -> read(bytes.toByteArray(), PickleBounds.forHeap(1L << 30)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("x.pickle: not a memory snapshot of PyTorch");
  }

  private static void write(ByteArrayOutputStream out, String latin) {
    for (char c : latin.toCharArray()) {
      out.write(c);
    }
  }

  private static Run read(byte[] pickle, PickleBounds bounds) throws IOException {
    return SnapshotReader.read(new ByteArrayInputStream(pickle), "x.pickle", bounds);
  }

  private static Run read(String name) throws IOException {
    try (InputStream in = SnapshotReaderTest.class.getResourceAsStream("/run/" + name)) {
      return SnapshotReader.read(in, name, PickleBounds.forHeap(1L << 30));
    }
  }

  private static long bytes(Run run, RunFigure figure) {
    return run.figures().get(figure).bytes();
  }
}
