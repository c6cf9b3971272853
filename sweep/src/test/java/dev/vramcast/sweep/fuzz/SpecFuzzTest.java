package dev.vramcast.sweep.fuzz;

import dev.vramcast.input.fuzz.Fuzz;
import dev.vramcast.input.fuzz.FuzzTarget;
import dev.vramcast.input.fuzz.RefusesInOneLine;
import dev.vramcast.sweep.spec.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Specs of sweeps that nobody wrote. */
@Tag("slow")
class SpecFuzzTest {

  private static final int INPUTS = 750;
  private static final String START =
      "models: [gpt2, llama-3.1-8b]\nmethod: [full, qlora]\ngpus: [l4, 2x H100]\n"
          + "batch: {sequence_length: [512, 2048], micro_batch: 1..4}\n"
          + "offers: {providers: [aws], purchase: spot}\ndata: {tokens: 1e6}\n";

  static final class Spec extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      SpecReader.read(text(bytes), "sweep.yaml").product(list -> List.of());
    }
  }

  @Test
  void specs() {
    Fuzz.holds(List.of(FuzzTarget.of(Spec.class, START)), INPUTS);
  }
}
