package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Words;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to those who read little. */
class BriefTest {

  private static final Terminal WITHOUT_BARS =
      new Terminal(120, false, true, false, Words.DOCUMENT);

  private static final Map<String, Object> JOB =
      Map.of(
          "model", Map.of("id", "llama-3.1-8b"),
          "batch", Map.of("micro_batch", 3),
          "hardware", Map.of("gpu", "l4"));

  private static List<String> brief(Operation operation) {
    return brief(operation, JOB);
  }

  private static List<String> brief(Operation operation, Map<String, Object> job) {
    return answer(operation, job).brief(WITHOUT_BARS);
  }

  private static Answer answer(Operation operation, Map<String, Object> job) {
    return Asked.answer(operation, Map.of("job", job));
  }

  @Test
  void an_estimate_begins_with_the_verdict_and_ends_with_what_nobody_gave() {
    List<String> lines = brief(new EstimateOperation());

    assertThat(lines).hasSizeLessThan(50);
    assertThat(lines.get(0)).startsWith("LoRA of llama-3.1-8b probably fits one L4, but it is not");
    assertThat(lines).anyMatch(line -> line.startsWith("  · As most people train this: trl, "));
    assertThat(String.join("\n", lines))
        .contains("tokens/s", "What is alive at the peak", "settings that nobody gave: ")
        .contains("lora.rank 16, precision bf16-mixed")
        .doesNotContain("█", "░", "Largest tensors", "model.id");
  }

  @Test
  void a_verdict_stands_without_its_bar() {
    assertThat(brief(new FitOperation()))
        .contains("What would help most")
        .noneMatch(line -> line.contains("█") || line.contains("░"));
  }

  /** Columns: the job, and a change in the sentence about what would help most. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unsloth | qlora | qwen3-14b | 32 | T4 | rank 32 to 8",
        "llama-factory | lora | qwen2.5-7b | 16 | V100-16GB | lora to qlora",
        "trl | lora | llama-3.1-8b | 16 | T4 | lora to qlora",
      })
  @Tag("slow")
  void what_helps_on_the_cards_that_are_there_comes_before_others(
      String framework, String method, String model, int rank, String gpu, String helps) {
    List<String> lines =
        brief(
            new FitOperation(),
            Map.of(
                "model", Map.of("id", model),
                "method", method,
                "framework", Map.of("name", framework),
                "lora", Map.of("rank", rank),
                "batch", Map.of("micro_batch", 2, "grad_accum", 4),
                "hardware", Map.of("gpu", gpu)));

    // A sentence may take two lines.
    int first = lines.indexOf("What would help most") + 1;
    assertThat(String.join(" ", lines.subList(first, first + 2)).replaceAll("\\s+", " "))
        .contains(helps)
        .doesNotContain(" GPUs ", "rent");
  }

  /** A chip whose software nobody modelled has a figure, of other software, and it says so. */
  @Test
  void a_chip_without_cuda_says_whose_memory_is_counted() {
    Map<String, Object> job =
        Map.of(
            "model", Map.of("id", "llama-3.2-1b"),
            "method", "qlora",
            "hardware", Map.of("gpu", "Apple M4 Max 64GB"));

    Answer answer = answer(new EstimateOperation(), job);

    assertThat(answer.warnings())
        .extracting(warning -> warning.line(Words.DOCUMENT))
        .anyMatch(
            line ->
                line.matches("Apple .* is not modelled.* under CUDA, and nobody has measured.*"));
    assertThat(String.join(" ", answer.brief(WITHOUT_BARS))).doesNotContain("CUDA context takes");
    assertThat(answer(new EstimateOperation(), JOB).warnings())
        .extracting(warning -> warning.line(Words.DOCUMENT))
        .noneMatch(line -> line.contains("not modelled"));
  }
}
