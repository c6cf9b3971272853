package dev.vramcast.answers.first;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.terminal.Terminal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WideRangeTest {

  private static final Terminal WIDE = new Terminal(400, false, true);

  private static String text(Operation operation, String framework) {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.put("method", "lora");
    job.put("framework", Map.of("name", framework));
    List<String> lines = Asked.answer(operation, Map.of("job", job)).lines(WIDE);
    return String.join(" ", lines).replaceAll("\\s+", " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-factory", "verl"})
  void a_range_of_a_framework_that_nobody_measured_says_so(String framework) {
    for (Operation operation : List.of(new EstimateOperation(), new FitOperation())) {
      assertThat(text(operation, framework))
          .contains("The range is wide, as fewer than 3 measured runs of " + framework)
          .contains(
              "are known: it rests on ", "vramcast calibrate", "receipt of the Python package");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trl", "axolotl", "unsloth", "ms-swift", "torchtune"})
  void a_range_of_one_that_was_measured_says_nothing(String framework) {
    for (Operation operation : List.of(new EstimateOperation(), new FitOperation())) {
      assertThat(text(operation, framework)).doesNotContain("range is wide");
    }
  }
}
