package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Megatron-SWIFT's attention keeps, by the backend that is asked for. */
class AttentionBackendTest {

  @ParameterizedTest
  @CsvSource({"flash, flash", "fused, flash", "auto, flash", "unfused, sdpa", "local, sdpa"})
  void a_backend_is_taken_by_what_it_keeps(String backend, String attention) {
    String command =
        "megatron sft --model Qwen/Qwen2.5-7B --tuner_type full --attention_backend " + backend;

    assertThat(values(of("run.sh", command))).containsEntry("attention", attention);
  }
}
