package dev.vramcast.formats.training.axolotl;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

class MergingTest {

  private static final String JOB =
      "base_model: a/b\nadapter: lora\nlora_r: 8\nsequence_len: 64\nmicro_batch_size: 1\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "axolotl merge-lora job.yml",
        "axolotl merge-lora job.yml --lora-model-dir=out",
        "axolotl merge-lora --lora-model-dir ./out job.yml",
        "python -m axolotl.cli.merge_lora job.yml"
      })
  void a_command_that_merges_is_read_as_the_training_of_its_file(String command) {
    Reading reading = read(command, JOB + "merge_method: legacy\n");

    assertThat(Readings.value(reading, JobKey.MERGE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MODEL_ID)).isEqualTo("a/b");
    assertThat(reading.document().place(JobKey.MERGE).orElseThrow().text()).startsWith("run.sh:1:");
  }

  @Test
  void merging_file_by_file_is_not_modelled() {
    Reading reading = read("axolotl merge-lora job.yml", JOB);

    assertThat(Readings.value(reading, JobKey.MERGE)).isNull();
    assertThat(reading.notModelled().orElseThrow().toString()).contains("merging file by file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "axolotl merge-sharded-fsdp-weights job.yml",
        "accelerate launch -m axolotl.cli.merge_sharded_fsdp_weights job.yml"
      })
  void a_command_that_puts_shards_together_is_read_as_the_training_of_its_file(String command) {
    Reading reading = read(command, JOB);

    assertThat(Readings.value(reading, JobKey.CONSOLIDATE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MERGE)).isNull();
  }

  @Test
  void a_training_before_a_merge_file_by_file_is_answered_alone_which_is_said() {
    Reading reading = read("axolotl train job.yml\naxolotl merge-lora job.yml\n", JOB);

    assertThat(Readings.value(reading, JobKey.MERGE)).isNull();
    assertThat(reading.notModelled()).isEmpty();
    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.line() == 2
                    && finding.message().toString().contains("behind the training merges"));
  }

  @Test
  void a_training_before_a_merge_of_the_whole_model_has_it() {
    String job = JOB + "merge_method: legacy\n";

    assertThat(
            Readings.value(
                read("axolotl train job.yml\naxolotl merge-lora job.yml\n", job), JobKey.MERGE))
        .isEqualTo(true);
    assertThat(
            Readings.value(
                read("axolotl merge-lora job.yml\naxolotl train job.yml\n", job), JobKey.MERGE))
        .isNull();
    assertThat(
            Readings.value(
                read("axolotl train job.yml\naxolotl merge-lora other.yml\n", job), JobKey.MERGE))
        .isNull();
  }

  private static Reading read(String command, String job) {
    TrainingFile file = TrainingText.of(job, "job.yml");
    return TrainingFiles.read(
        List.of(TrainingText.of(command, "run.sh")),
        Optional.empty(),
        path -> path.equals("job.yml") ? Optional.of(file) : Optional.empty());
  }
}
