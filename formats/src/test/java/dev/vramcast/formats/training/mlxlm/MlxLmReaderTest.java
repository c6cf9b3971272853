package dev.vramcast.formats.training.mlxlm;

import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

class MlxLmReaderTest {

  @Test
  void training_on_apple_silicon_is_read_and_not_modelled() {
    Reading reading = ofSample("mlxlm/lora.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.MLX_LM);
    assertThat(values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.sequence_length", 2048);
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void a_framework_that_trains_on_gpus_may_be_asked_for_in_its_place() {
    JobDocument flags =
        JobDocument.empty().with(JobKey.FRAMEWORK_NAME, "transformers", Place.of("flags"));

    assertThat(ofSample("mlxlm/lora.yaml").under(flags).text(JobKey.FRAMEWORK_NAME))
        .contains("transformers");
  }
}
