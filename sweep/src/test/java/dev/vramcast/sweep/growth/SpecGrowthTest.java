package dev.vramcast.sweep.growth;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.growth.Growth;
import dev.vramcast.sweep.spec.SpecReader;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Specs of sweeps, whatever is in them again and again. */
@Tag("slow")
class SpecGrowthTest {

  private static final int SIZE = 300;

  static final class Spec implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        SpecReader.read(text, "sweep.yaml").product(list -> List.of());
      } catch (InputException e) {
        // Refused in one line, which other tests hold.
      }
    }
  }

  static Stream<String> specs() {
    return Stream.of(
        "models: [@m#, ",
        "models:\n@- m#\n",
        "models: gpt2\ngpus:\n@- h100\n",
        "models: gpt2\ngpus:\n@- h#\n",
        "gpus: '@h100:",
        "gpus: '@4",
        "batch:\n  sequence_length:\n@  - #\n",
        "batch:\n@  a#: 1\n",
        "offers:\n  providers:\n@  - p#\n");
  }

  @ParameterizedTest
  @MethodSource("specs")
  void specs_take_as_long_as_they_are(String shape) {
    Growth.of(Spec.class).isLinear(shape, SIZE);
  }
}
