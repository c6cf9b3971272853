package dev.vramcast.formats.training.llamafactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of {@code llamafactory-cli export}. */
class ExportingTest {

  private static final String EXPORT =
      "model_name_or_path: a/b\nadapter_name_or_path: saves/lora\ntemplate: llama3\n"
          + "finetuning_type: lora\nexport_dir: merged\n";

  @Test
  void a_file_that_merges_says_which_training_to_ask_for() {
    Reading reading = Readings.of("export.yaml", EXPORT);

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("export_dir is there and do_train is not on")
        .hasMessageContaining("--method lora and --merge true");
  }

  @ParameterizedTest
  @CsvSource({"auto, gpu", "cpu, cpu"})
  void its_device_is_where_the_training_merges_that_ends_with_it(String told, String device) {
    Reading reading = ending(EXPORT + "export_device: " + told + "\n");

    assertThat(Readings.value(reading, JobKey.MERGE_DEVICE)).isEqualTo(device);
    assertThat(Readings.value(Readings.of("e.yaml", EXPORT), JobKey.MERGE_DEVICE)).isNull();
  }

  @Test
  void a_device_that_it_has_not_is_said_with_those_it_has() {
    Reading reading = ending(EXPORT + "export_device: tpu\n");

    assertThat(reading.findings())
        .anyMatch(finding -> finding.message().toString().contains("cpu, auto"));
  }

  private static Reading ending(String text) {
    TrainingFile file = TrainingText.of(text, "export.yaml");
    JobDocument merged = JobDocument.empty().withFlag(JobKey.MERGE, "true");
    TrainingFile given =
        new TrainingFile(
            file.name(),
            file.form(),
            file.root(),
            file.command(),
            file.repeats(),
            file.header(),
            merged);
    return TrainingFiles.read(List.of(given), Optional.empty(), path -> Optional.empty());
  }
}
