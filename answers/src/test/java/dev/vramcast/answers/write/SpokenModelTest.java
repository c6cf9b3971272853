package dev.vramcast.answers.write;

import static dev.vramcast.answers.write.Writes.text;
import static dev.vramcast.answers.write.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.writers.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files load what was asked for, by the name that the Hub knows. */
class SpokenModelTest {

  static List<String> formats() {
    return Selection.trainingNames().stream()
        .filter(name -> !List.of("deepspeed", "accelerate").contains(name))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_file_from_peoples_words_names_the_repository(String format) {
    assertThat(files("Llama 3.1 8B", format)).contains("meta-llama/Llama-3.1-8B");
    assertThat(files("llama 3.1 8b instruct", format)).contains("meta-llama/Llama-3.1-8B-Instruct");
    assertThat(files("llama-3.1-8b", format)).contains("meta-llama/Llama-3.1-8B");
    assertThat(files("unsloth/Llama-3.1-8B", format)).contains("unsloth/Llama-3.1-8B");
  }

  @Test
  void words_that_mean_a_repository_of_the_same_shape_name_that_one() {
    for (String format : List.of("axolotl", "trl", "llama-factory", "ms-swift", "unsloth")) {
      FilesAnswer answer = write("job.yaml", job("qwen3 coder 30b"), format);

      assertThat(text(answer)).contains("Qwen/Qwen3-Coder-30B-A3B-Instruct");
      assertThat(answer.warnings().toString())
          .contains("'qwen3 coder 30b' is taken as 'Qwen/Qwen3-Coder-30B-A3B-Instruct'");
    }
  }

  @Test
  void each_of_several_frameworks_has_its_own_launcher() {
    FilesAnswer answer =
        write("job.yaml", job("llama-3.1-8b"), "axolotl,llama-factory,skypilot,slurm");

    assertThat(answer.texts())
        .containsOnlyKeys(
            "axolotl.yaml",
            "axolotl-skypilot.yaml",
            "axolotl-slurm.sh",
            "llama-factory.yaml",
            "llama-factory-skypilot.yaml",
            "llama-factory-slurm.sh");
    assertThat(answer.texts().get("llama-factory-skypilot.yaml"))
        .contains("llama-factory.yaml")
        .doesNotContain("axolotl.yaml");
  }

  @Test
  void unsloth_on_several_cards_is_started_once_for_each() {
    String text = files(2, "ddp");

    assertThat(text)
        .contains("torchrun --nproc_per_node 2 unsloth_train.py")
        .contains("device_map, distributed = prepare_device_map()", "device_map=device_map,")
        .contains("ddp_find_unused_parameters=False");
    assertThat(files(1, "none"))
        .contains("Start: python unsloth_train.py")
        .doesNotContain("device_map", "ddp_find");
    assertThatThrownBy(() -> files(2, "fsdp2"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unsloth cannot be told")
        .hasMessageContaining("fsdp2, allowed: none, ddp");
  }

  private static String files(int count, String strategy) {
    String job =
        job("llama-3.1-8b")
            + "hardware: {gpu: RTX 4090, count: %d}\nparallelism: {strategy: %s}\n"
                .formatted(count, strategy);
    return text(write("job.yaml", job, "unsloth"));
  }

  private static String files(String model, String format) {
    return text(write("job.yaml", job(model), format));
  }

  private static String job(String model) {
    return "model: {id: '" + model + "'}\nmethod: lora\n";
  }
}
