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
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MODEL_ID)).isEqualTo("a/b");
    assertThat(reading.document().place(JobKey.MERGE).orElseThrow().text()).startsWith("run.sh:1:");
  }

  @Test
  void whether_the_whole_model_is_held_is_left_to_the_release_unless_the_file_says_it() {
    Reading reading = read("axolotl merge-lora job.yml", JOB);

    assertThat(Readings.value(reading, JobKey.MERGE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MERGE_DEVICE)).isNull();
    assertThat(
            Readings.value(
                read("axolotl merge-lora job.yml", JOB + "merge_method: legacy\n"),
                JobKey.MERGE_DEVICE))
        .isEqualTo("gpu");
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
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.MERGE)).isNull();
  }

  @Test
  void a_training_before_a_merge_of_the_same_file_has_it() {
    String job = JOB;

    assertThat(
            Readings.value(
                read("axolotl train job.yml\naxolotl merge-lora job.yml\n", job),
                JobKey.WEIGHTS_ALONE))
        .isNull();
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
