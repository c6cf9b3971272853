package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files that have a few words of LLaMA-Factory's, and where its warnings point to. */
class OtherSettingsTest {

  private static final String OF_ITS_OWN =
      """
      {"model": "a/b", "train_dataset": "c/d", "max_seq_length": 2048, "is_peft": true,
       "lora_rank": 32, "lora_alpha": 64, "per_device_train_batch_size": 2,
       "gradient_accumulation_steps": 8, "optim": "adamw_8bit", "epochs": 1}
      """;

  @Test
  void settings_of_a_program_are_not_those_of_the_new_engine() {
    assertThatThrownBy(() -> of("a.json", OF_ITS_OWN)).isInstanceOf(InputException.class);
    assertThat(of("a.yaml", "model: a/b\ntrain_dataset: c/d\nmicro_batch_size: 2\n").format())
        .isEqualTo(FormatName.LLAMA_FACTORY_V1);
  }

  @Test
  void what_a_script_sets_is_said_with_the_place_in_the_script() {
    TrainingFile script =
        TrainingText.of("export NNODES=2\nllamafactory-cli train lora.yaml\n", "run.sh");
    TrainingFile settings =
        TrainingText.of(
            "model_name_or_path: a/b\nfinetuning_type: lora\nstage: sft\ndo_train: true\n",
            "lora.yaml");
    Reading reading =
        TrainingFiles.read(
            List.of(script),
            Optional.empty(),
            path -> Optional.of(settings).filter(file -> path.equals("lora.yaml")));

    assertThat(reading.findings())
        .filteredOn(found -> found.message().toString().contains("NNODES is 2"))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.mark().source()).isEqualTo("run.sh");
              assertThat(found.mark().line()).isEqualTo(1);
            });
  }
}
