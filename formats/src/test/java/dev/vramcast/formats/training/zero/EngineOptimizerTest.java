package dev.vramcast.formats.training.zero;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What else a file of DeepSpeed's decides, beside a trainer's arguments that name it. */
class EngineOptimizerTest {

  private static Reading read(String optim, String more) {
    String job =
        """
        model_name_or_path: Qwen/Qwen2.5-7B
        per_device_train_batch_size: 1
        max_length: 2048
        use_peft: false
        deepspeed: ds.json
        """;
    String zero = "{\"zero_optimization\": {\"stage\": 2}%s}".formatted(more.replace('\'', '"'));
    return TrainingFiles.read(
        List.of(TrainingText.of(job + optim, "a.yaml")),
        Optional.empty(),
        path -> Optional.of(TrainingText.of(zero, path)));
  }

  @Test
  void its_own_optimizer_is_the_one_that_steps() {
    String own = ", 'optimizer': {'type': 'AdamW', 'params': {'lr': 'auto'}}";
    Reading reading = read("optim: paged_adamw_8bit\n", own);

    assertThat(values(reading))
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("optimizer.implementation", "deepspeed");
    assertThat(keys(reading, FindingCode.IGNORED_KEY)).contains("optim");
    assertThat(keys(read("optim: adamw_torch\n", own), FindingCode.IGNORED_KEY)).isEmpty();
    assertThat(values(read("optim: paged_adamw_8bit\n", "")))
        .containsEntry("optimizer.name", "paged-adamw-8bit");
  }

  @Test
  void one_that_is_not_known_is_said() {
    Reading reading = read("", ", 'optimizer': {'type': 'Adagrad'}");

    assertThat(keys(reading, FindingCode.NOT_COUNTED)).anyMatch(key -> key.contains("optimizer"));
    assertThat(values(reading)).doesNotContainKey("optimizer.name");
  }

  @Test
  void low_precision_of_its_own_is_said() {
    assertThat(keys(read("", ", 'msamp': {'enabled': true}"), FindingCode.NOT_COUNTED))
        .anyMatch(key -> key.contains("msamp"));
    assertThat(keys(read("", ", 'msamp': {'enabled': false}"), FindingCode.NOT_COUNTED))
        .noneMatch(key -> key.contains("msamp"));
  }
}
