package dev.vramcast.formats.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerNamesTest {

  private static Reading read(String optimizer) {
    return Readings.of(
        "a.yml",
        """
        base_model: m
        datasets: []
        micro_batch_size: 1
        gradient_accumulation_steps: 1
        optimizer: %s
        """
            .formatted(optimizer));
  }

  private static boolean isCountedAsAnother(Reading reading) {
    return Readings.keys(reading, FindingCode.NOT_COUNTED).contains("optimizer");
  }

  @ParameterizedTest
  @CsvSource({
    "ademamix, ademamix, bitsandbytes",
    "ademamix_8bit, ademamix-8bit, bitsandbytes",
    "paged_ademamix_32bit, paged-ademamix, bitsandbytes",
    "paged_ademamix_8bit, paged-ademamix-8bit, bitsandbytes",
    "paged_lion_32bit, paged-lion, bitsandbytes",
    "paged_lion_8bit, paged-lion-8bit, bitsandbytes",
    "rmsprop, rmsprop, foreach",
    "rmsprop_bnb_32bit, rmsprop, bitsandbytes",
    "rmsprop_bnb_8bit, rmsprop-8bit, bitsandbytes",
    "adagrad, adagrad, foreach",
    "stable_adamw, stable-adamw, fused",
    "flash_adamw, flash-adamw, fused",
    "schedule_free_radam, schedule-free-radam, foreach",
    "schedule_free_sgd, schedule-free-sgd, foreach",
    "adalomo, adalomo, for-loop"
  })
  void names_of_transformers_mean_update_rules_of_their_own(
      String word, String name, String implementation) {
    Reading reading = read(word);

    assertThat(Readings.value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo(name);
    assertThat(Readings.value(reading, JobKey.OPTIMIZER_IMPLEMENTATION)).isEqualTo(implementation);
    assertThat(isCountedAsAnother(reading)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grokadamw", "adamw_anyprecision", "flash_adam", "sinkgd"})
  void a_flag_says_of_a_name_what_a_file_with_it_is_counted_as(String word) {
    String counted = Readings.value(read(word), JobKey.OPTIMIZER_NAME).toString();

    assertThatThrownBy(() -> JobDocument.empty().withFlag(JobKey.OPTIMIZER_NAME, word))
        .hasMessageContaining("training files that name it are counted")
        .hasMessageEndingWith("to give that: optimizer.name " + counted);
  }

  /** grokadamw/grokadamw.py _update_group makes and keeps them on the CPU. */
  @ParameterizedTest
  @CsvSource({"grokadamw, sgd", "sinkgd, none"})
  void optimizers_without_states_on_the_gpu_are_counted_without(String word, String name) {
    Reading reading = read(word);

    assertThat(Readings.value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo(name);
    assertThat(isCountedAsAnother(reading)).isTrue();
  }
}
