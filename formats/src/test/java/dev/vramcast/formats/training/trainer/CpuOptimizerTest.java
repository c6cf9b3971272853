package dev.vramcast.formats.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuOptimizerTest {

  private static Reading read(String optimizer, String zero) {
    String job =
        """
        base_model: m
        datasets: []
        micro_batch_size: 1
        gradient_accumulation_steps: 1
        optimizer: %s
        deepspeed: ds.json
        """
            .formatted(optimizer);
    return TrainingFiles.read(
        List.of(TrainingText.of(job, "a.yml")),
        Optional.empty(),
        path -> Optional.of(TrainingText.of(zero, path)));
  }

  @ParameterizedTest
  @CsvSource({
    "adamw_bnb_8bit, cpu, , adamw",
    "paged_adamw_8bit, cpu, , adamw",
    "adamw_torch, cpu, , adamw",
    "lion_32bit, cpu, , lion",
    "adamw_bnb_8bit, none, , adamw-8bit",
    "adamw_bnb_8bit, cpu, '\"zero_force_ds_cpu_optimizer\": false,', adamw",
  })
  void accelerate_steps_on_the_cpu_with_an_optimizer_of_its_own(
      String optimizer, String device, String more, String expected) {
    String zero =
        "{%s \"zero_optimization\": {\"stage\": 2, \"offload_optimizer\": {\"device\": \"%s\"}}}"
            .formatted(more == null ? "" : more, device);

    Reading reading = read(optimizer, zero);

    assertThat(Readings.value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo(expected);
    if (device.equals("cpu")) {
      String runs = reading.document().text(JobKey.OPTIMIZER_IMPLEMENTATION).orElse("deepspeed");
      assertThat(runs).isEqualTo("deepspeed");
    }
  }
}
