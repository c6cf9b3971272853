package dev.vramcast.formats.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.calibration.Component;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.formats.pickle.PickleBounds;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two steps of the real code of Transformers, PEFT and PyTorch, recorded by {@code record_step.py},
 * which prints what each tensor at the peak truly is.
 */
class RealStacksTest {

  @ParameterizedTest
  @CsvSource({
    "full_step.pickle, 2503168, 560640, 559616, 1119232, 263680",
    "lora_step.pickle, 2449920, 593408, 0, 65536, 1790976"
  })
  void stacks_tell_what_tensors_are(
      String name, long allocated, long weights, long gradients, long optimizer, long step)
      throws IOException {
    Run run = read(name);

    assertThat(run.figures().get(RunFigure.ALLOCATED).bytes()).isEqualTo(allocated);
    assertThat(bytes(run, Component.WEIGHTS)).isEqualTo(weights);
    assertThat(bytes(run, Component.GRADIENTS)).isEqualTo(gradients);
    assertThat(bytes(run, Component.OPTIMIZER)).isEqualTo(optimizer);
    assertThat(bytes(run, Component.STEP) + bytes(run, Component.LOGITS_AND_LOSS)).isEqualTo(step);
  }

  private static long bytes(Run run, Component component) {
    return run.peak().getOrDefault(component, 0L);
  }

  private static Run read(String name) throws IOException {
    try (InputStream in = RealStacksTest.class.getResourceAsStream("/run/" + name)) {
      return SnapshotReader.read(in, name, PickleBounds.forHeap(1L << 30));
    }
  }
}
