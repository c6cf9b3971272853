package dev.vramcast.validation.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotedSettingsTest {

  private static final Map<String, Object> JOB = Map.of("batch", Map.of("grad_accum", 16));

  private static Map<JobKey, String> of(Map<String, Object> job, String notes) {
    return new NotedSettings(job, notes).settings();
  }

  @Test
  void a_generation_has_as_many_updates_as_its_batch_has_of_theirs() {
    String notes = "stage=grpo; generation_global_batch=2048; train_global_batch=512; x=1";

    assertThat(of(JOB, notes)).isEqualTo(Map.of(JobKey.STEPS_PER_GENERATION, "64"));
    assertThat(of(Map.of(), notes)).isEmpty();
    assertThat(of(JOB, "generation_global_batch=2048")).isEmpty();
    assertThat(of(JOB, notes.replace("2048", "8"))).isEmpty();
  }

  @Test
  void what_prompts_and_completions_have_together_is_a_completions_without_a_prompt() {
    Map<String, Object> told = Map.of("objective", Map.of("prompt_length", 256));

    assertThat(of(JOB, "average_sequence=701")).isEqualTo(Map.of(JobKey.COMPLETION_MEAN, "700"));
    assertThat(of(told, "average_sequence=701")).isEmpty();
  }

  @Test
  void other_notes_say_nothing() {
    assertThat(
            of(JOB, "length is a cap; engine_tp_pp=16,1; global_batch=512; train_global_batch=x"))
        .isEmpty();
  }
}
