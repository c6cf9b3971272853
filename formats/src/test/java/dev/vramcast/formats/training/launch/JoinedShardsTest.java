package dev.vramcast.formats.training.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
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

/** Commands that put ranks' shards together and name no training. */
class JoinedShardsTest {

  @ParameterizedTest
  @CsvSource({
    "accelerate merge-weights out/pytorch_model_fsdp_0 whole, transformers, fsdp2",
    "accelerate-merge-weights out/pytorch_model_fsdp_0 whole, transformers, fsdp2",
    "python -m accelerate.commands.merge out whole, transformers, fsdp2",
    "python -m verl.model_merger merge --backend fsdp --local_dir out, verl-sft, fsdp1",
    "python scripts/legacy_model_merger.py merge --backend fsdp, verl-sft, fsdp1"
  })
  void such_a_command_trains_nothing_and_says_whose_shards_they_are(
      String command, String framework, String strategy) {
    Reading reading = Readings.of("run.sh", command + "\n");

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains(framework);
    assertThat(Readings.value(reading, JobKey.CONSOLIDATE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isEqualTo(true);
    assertThat(Readings.value(reading, JobKey.STRATEGY)).isEqualTo(strategy);
    assertThat(Readings.value(reading, JobKey.METHOD)).isEqualTo("full");
    assertThat(reading.document().place(JobKey.WEIGHTS_ALONE).orElseThrow().text())
        .startsWith("run.sh:1:");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void which_stage_of_zero_wrote_them_is_for_the_user_to_say() {
    Reading reading = Readings.of("run.sh", "python zero_to_fp32.py . whole/\n");

    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isEqualTo(true);
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("run.sh:1:8, zero_to_fp32.py: does not say which stage of ZeRO");
    JobDocument stage = JobDocument.empty().withFlag(JobKey.STRATEGY, "zero2");
    assertThat(reading.under(stage).text(JobKey.STRATEGY)).isNotNull();
  }

  @Test
  void what_wrote_shards_that_pytorch_joins_is_for_the_user_to_say() {
    String command = "python -m torch.distributed.checkpoint.format_utils dcp_to_torch a b\n";
    Reading reading = Readings.of("run.sh", command);

    assertThat(Readings.value(reading, JobKey.CONSOLIDATE)).isEqualTo(true);
    assertThat(reading.document().has(JobKey.FRAMEWORK_NAME)).isFalse();
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not say what wrote the shards");
  }

  @ParameterizedTest
  @CsvSource({
    "accelerate merge-weights out whole, zero3",
    "python zero_to_fp32.py . whole, fsdp2",
    "python -m verl.model_merger merge --backend fsdp --local_dir out, zero2"
  })
  void shards_of_others_are_refused(String command, String strategy) {
    JobDocument given = JobDocument.empty().withFlag(JobKey.STRATEGY, strategy);
    TrainingFile text = TrainingText.of(command + "\n", "run.sh");
    TrainingFile file =
        new TrainingFile(
            text.name(),
            text.form(),
            text.root(),
            text.command(),
            text.repeats(),
            text.header(),
            given);

    assertThatThrownBy(
            () -> TrainingFiles.read(List.of(file), Optional.empty(), path -> Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not put together what parallelism.strategy " + strategy);
  }

  @Test
  void shards_of_megatron_are_not_modelled() {
    String command = "python -m verl.model_merger merge --backend megatron --local_dir out\n";

    assertThat(Readings.of("run.sh", command).notModelled()).isPresent();
    assertThat(Readings.of("run.sh", command.replace("megatron", "fsdp")).notModelled()).isEmpty();
  }
}
