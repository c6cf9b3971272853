package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of xtuner, which are read as text and never run. */
class XtunerTest {

  private static String config() {
    return sample("trl/xtuner.py");
  }

  @Test
  void a_configuration_is_the_job_that_its_names_say() {
    Reading reading = of("a.py", config());

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(reading.notModelled()).isEmpty();
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-2-7b-hf")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.kbit_prepare", true)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("checkpointing", "full");
  }

  @Test
  void a_base_that_is_whole_is_widened_for_adapters() {
    String whole =
        config().replaceFirst("(?s)        quantization_config=.*?\\),\n    \\),", "    ),");
    assertThat(values(of("a.py", whole)))
        .containsEntry("method", "lora")
        .containsEntry("model.dtype", "fp32");
    String full = whole.replaceFirst("(?m)^    lora=.*\n", "");
    assertThat(values(of("a.py", full))).containsEntry("method", "full");
  }

  @Test
  void a_batch_that_is_not_said_is_one_and_stands_where_the_model_does() {
    Reading reading = of("a.py", config().replace("batch_size=batch_size, ", ""));

    assertThat(values(reading)).containsEntry("batch.micro_batch", 1);
    assertThat(reading.document().place(JobKey.MICRO_BATCH).orElseThrow())
        .isInstanceOfSatisfying(
            Place.Line.class, place -> assertThat(place.line()).isGreaterThan(1));
  }

  @ParameterizedTest
  @CsvSource({
    "type=SupervisedFinetune, type=DPO",
    "type=SupervisedFinetune, type=LLaVAModel",
    "sequence_parallel_size = 1, sequence_parallel_size = 4",
  })
  void what_is_trained_otherwise_has_no_figure(String what, String by) {
    assertThat(of("a.py", config().replace(what, by)).notModelled()).isPresent();
  }
}
