package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseLabelsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "huggingface/peft method_comparison/x.json @47212138 (2025) | huggingface/peft",
        "QwenLM/Qwen README.md \"Profiling\" @HEAD                  | QwenLM/Qwen",
        "PEFT on fake tensors                                       | PEFT on fake tensors",
        "docs.nvidia.com NeMo 24.12 https://docs.nvidia.com/x @1    | docs.nvidia.com NeMo 24.12",
        "A lab's notebook @abc                                      | A lab's notebook",
        "##                                                         | unknown",
        "@abc                                                       | @abc",
      })
  void a_source_is_known_by_who_published_it(String source, String name) {
    assertThat(labels(source, Map.of()).source()).isEqualTo(name);
  }

  @Test
  void what_a_job_does_not_say_readably_is_unknown() {
    CaseLabels labels = labels("s", Map.of("method", 7L, "model", "m", "framework", Map.of()));

    assertThat(labels.method()).isEqualTo("unknown");
    assertThat(labels.modelType()).isEqualTo("unknown");
    assertThat(labels.framework()).isEqualTo("unknown");
    assertThat(labels.scope()).isEqualTo("near, unknown");
  }

  private static CaseLabels labels(String source, Map<String, Object> job) {
    return CaseLabels.of(
        new Case("a", source, job, Cases.measured(5, MeasuredKind.DEVICE, Status.OK), ""));
  }
}
