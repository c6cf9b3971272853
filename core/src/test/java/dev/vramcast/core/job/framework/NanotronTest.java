package dev.vramcast.core.job.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NanotronTest {

  private static final String NANOTRON = "--framework nanotron ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --method lora | method lora under framework.name nanotron is not modelled yet, \
          modelled: method full
          --count 2 --strategy fsdp2 | parallelism.strategy fsdp2 under framework.name nanotron is \
          not modelled yet, modelled: parallelism.strategy megatron
          --compile true | compile true under framework.name nanotron is not modelled yet, \
          modelled: compile false
          --count 2 --context 2 | parallelism.context 2 under framework.name nanotron is not \
          modelled yet, modelled: parallelism.context 1
          --count 2 --pipeline 2 --virtual-pipeline 2 | parallelism.virtual_pipeline 2 under \
          framework.name nanotron is not modelled yet, modelled: parallelism.virtual_pipeline 1
          --checkpointing selective | checkpointing selective under framework.name nanotron is not \
          modelled yet, modelled: checkpointing none, full
          --offload optimizer | parallelism.offload optimizer under framework.name nanotron is not \
          modelled yet, modelled: parallelism.offload []
          """)
  void what_its_code_does_not_have_is_not_modelled(String flags, String message) {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), NANOTRON + flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(message);
  }

  @Test
  void models_that_it_does_not_register_are_not_modelled() {
    Architecture mistral = Estimates.model("mistral", Map.of());

    assertThatThrownBy(() -> Estimates.of(mistral, NANOTRON))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "a mistral under parallelism.strategy megatron (a model of that type in the"
                + " framework's code) is not modelled yet, modelled: llama, qwen2, starcoder2");
  }

  @Test
  void qwen_2_came_behind_its_last_release() {
    Architecture qwen = Estimates.model("qwen2", Map.of());

    assertThat(Estimates.of(qwen, NANOTRON)).isNotNull();
    assertThatThrownBy(() -> Estimates.of(qwen, NANOTRON + "--framework-version 0.5"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageEndingWith("modelled: llama, starcoder2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--count 4 --tensor 2 --sequence-parallel true", "--checkpointing full"})
  void what_its_code_has_is_answered(String flags) {
    assertThat(Estimates.of(Estimates.llama(false), NANOTRON + flags).allocatedBytes())
        .isPositive();
    assertThat(Estimates.of(Estimates.model("qwen2", Map.of()), NANOTRON + flags)).isNotNull();
  }
}
