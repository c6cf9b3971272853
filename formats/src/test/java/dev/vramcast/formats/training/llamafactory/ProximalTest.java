package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of LLaMA-Factory's PPO. */
class ProximalTest {

  private static Reading with(String more) {
    return of("a.yaml", "model_name_or_path: a/b\ntemplate: x\n" + more.replace("~", "\n"));
  }

  /** Prompts are cut where other stages cut whole texts, and completions come on top. */
  @ParameterizedTest
  @CsvSource({
    "cutoff_len: 512~max_new_tokens: 128, 512, 128, 640",
    "cutoff_len: 512, 512, 1024, 1536",
    "max_new_tokens: 128, 2048, 128, 2176",
  })
  void ppo_is_as_long_as_a_prompt_and_a_completion(
      String text, int prompt, int completion, int length) {
    assertThat(values(with("stage: ppo~" + text)))
        .containsEntry("objective.prompt_length", prompt)
        .containsEntry("objective.completion_length", completion)
        .containsEntry("batch.sequence_length", length);
  }

  @Test
  void a_reward_model_of_ppo_is_an_adapter_unless_it_is_full() {
    assertThat(value(with("stage: ppo~reward_model: r"), JobKey.REWARD_MODELS)).isNull();
    assertThat(
            value(with("stage: ppo~reward_model: r~reward_model_type: full"), JobKey.REWARD_MODELS))
        .isEqualTo(List.of("r"));
    assertThat(with("stage: ppo~finetuning_type: full~reward_model: r").findings())
        .anyMatch(finding -> finding.message().toString().contains("is refused with"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "full"})
  void rewards_of_a_server_are_no_model_whatever_is_trained(String type) {
    Reading api =
        with("stage: ppo~finetuning_type: " + type + "~reward_model: r~reward_model_type: api");

    assertThat(value(api, JobKey.REWARD_MODELS)).isEqualTo(List.of());
    assertThat(api.findings())
        .noneMatch(finding -> finding.message().toString().contains("reward"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~reward_model: null", "~reward_model_type: api"})
  void ppo_without_rewards_does_not_start_and_is_refused_at_its_stage(String more) {
    Reading reading = with("stage: ppo" + more);

    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.line() == 3
                    && finding.message().toString().contains("stage is ppo, but no reward_model"));
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("reward_model, with reward_model_type lora, full or api");
  }

  @Test
  void a_flag_that_says_what_scores_takes_the_place_of_a_reward_model() {
    JobDocument flag = JobDocument.empty().withFlag(JobKey.REWARD_MODELS, "");

    assertThat(with("stage: ppo").under(flag).has(JobKey.REWARD_MODELS)).isTrue();
  }

  @Test
  void a_reference_of_its_own_is_a_copy_and_rows_to_evaluate_on_are_refused() {
    assertThat(value(with("stage: ppo~reward_model: r~ref_model: b/c"), JobKey.REFERENCE))
        .isEqualTo("copy");
    assertThat(with("stage: ppo~reward_model: r~val_size: 0.1").findings())
        .anyMatch(finding -> finding.message().toString().contains("val_size is refused"));
  }

  @Test
  void a_slip_in_the_kind_of_rewards_is_not_the_default() {
    assertThat(
            with("stage: ppo~reward_model: r~reward_model_type: fulll").findings().stream()
                .map(finding -> finding.message().toString()))
        .anyMatch(message -> message.contains("'full'"));
  }

  @Test
  void a_buffer_that_no_run_has_is_refused_at_its_line() {
    Reading reading = with("stage: ppo~gradient_accumulation_steps: 8~ppo_buffer_size: 2000000000");

    assertThat(value(reading, JobKey.STEPS_PER_GENERATION)).isNull();
    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.line() == 5
                    && finding.message().toString().contains("up to " + Integer.MAX_VALUE / 8));
  }

  @Test
  void a_buffer_of_ppo_holds_several_steps() {
    assertThat(
            values(
                with(
                    "stage: ppo~ppo_buffer_size: 2~ppo_epochs: 3~gradient_accumulation_steps: 8"
                        + "~per_device_train_batch_size: 1")))
        .containsEntry("generation.steps_per_generation", 16)
        .containsEntry("generation.iterations", 3);
  }
}
