package dev.vramcast.sweep.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.fuzz.Fuzz;
import dev.vramcast.sweep.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Specs of sweeps that nobody wrote. */
@Tag("slow")
class SpecFuzzTest {

  private static final int INPUTS = 500;
  private static final String START =
      "models: [gpt2, llama-3.1-8b]\nmethod: [full, qlora]\ngpus: [l4, 2x H100]\n"
          + "batch: {sequence_length: [512, 2048], micro_batch: 1..4}\n"
          + "offers: {providers: [aws], purchase: spot}\ndata: {tokens: 1e6}\n";

  static final class Spec implements Consumer<byte[]> {
    @Override
    public void accept(byte[] bytes) {
      try {
        String text = new String(bytes, StandardCharsets.UTF_8);
        SpecReader.read(text, "sweep.yaml").product(list -> List.of());
      } catch (InputException e) {
        if (String.valueOf(e.getMessage()).chars().anyMatch(Character::isISOControl)) {
          throw new IllegalStateException("no line: " + e.getMessage());
        }
      }
    }
  }

  @Test
  void specs() {
    List<byte[]> corpus = List.of(START.getBytes(StandardCharsets.UTF_8));
    assertThat(Fuzz.of(Spec.class, corpus).run(INPUTS)).isGreaterThan(INPUTS / 2);
  }
}
