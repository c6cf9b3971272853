package dev.vramcast.formats.training.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code swift export}. */
class ExportingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift export --model a/b --adapters out --merge_lora true",
        "swift export --merge_lora --model a/b --adapters out",
        "CUDA_VISIBLE_DEVICES=0 swift export --model a/b --adapters out --merge_lora=true"
      })
  void a_merge_trains_nothing(String command) {
    Reading reading = Readings.of("run.sh", command + "\n");

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("ms-swift");
    assertThat(Readings.value(reading, JobKey.MODEL_ID)).isEqualTo("a/b");
    assertThat(Readings.value(reading, JobKey.MERGE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MERGE_DEVICE)).isNull();
  }

  @Test
  void a_merge_into_a_quantised_model_is_not_modelled() {
    String command = "swift export --model a/b-AWQ --adapters out --merge_lora true\n";

    assertThat(Readings.of("run.sh", command).notModelled()).isPresent();
    assertThat(Readings.of("run.sh", command.replace("-AWQ", "")).notModelled()).isEmpty();
  }

  @Test
  void it_merges_on_the_host_where_the_model_is_put_there() {
    String command = "swift export --model a/b --adapters out --merge_lora true --device_map cpu\n";

    assertThat(Readings.value(Readings.of("run.sh", command), JobKey.MERGE_DEVICE))
        .isEqualTo("cpu");
  }

  @Test
  void a_training_with_a_merge_in_its_options_trains() {
    Reading reading =
        Readings.of("run.sh", "swift sft --model a/b --dataset d --merge_lora true\n");

    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "swift sft --model a/b --dataset d, true",
    "swift sft --model a/b --dataset d --train_type full,",
    "llamafactory-cli train --do_train --stage sft --model_name_or_path a/b --dataset d,"
  })
  void a_training_before_a_merge_of_its_adapters_has_it(String training, Boolean merges) {
    Reading reading =
        Readings.of("run.sh", training + "\nswift export --adapters out --merge_lora true\n");

    assertThat(Readings.value(reading, JobKey.MERGE)).isEqualTo(merges);
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isNull();
  }

  @Test
  void llama_factorys_merge_behind_its_training_is_counted() {
    Reading reading =
        Readings.of(
            "run.sh",
            "llamafactory-cli train --do_train --stage sft --model_name_or_path a/b --dataset d\n"
                + "llamafactory-cli export merge.yaml\n");

    assertThat(Readings.value(reading, JobKey.MERGE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift export --model a/b --adapters out --merge_lora false",
        "swift export --model a/b --push_to_hub true"
      })
  void what_else_it_does_is_no_merge(String command) {
    assertThatThrownBy(() -> Readings.of("run.sh", command + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("writes weights and trains nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift export --model a/b --quant_bits 4 --quant_method awq",
        "swift export --model a/b --adapters out --merge_lora true --quant_method gptq",
        "swift export --model a/b --quant_method=fp8"
      })
  void what_it_takes_to_quantise_is_not_modelled(String command) {
    assertThatThrownBy(() -> Readings.of("run.sh", command + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("quantises weights and trains nothing")
        .hasMessageContaining("not modelled");
  }
}
