package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages whose arguments are those of others too, and how much is generated at once. */
class PairedStagesTest {

  private static final String PAIRS =
      """
      model_name_or_path: Qwen/Qwen3-4B
      per_device_train_batch_size: 1
      beta: 0.05
      max_length: 2048
      max_prompt_length: 1024
      """;

  private static final String GROUPS =
      """
      model_name_or_path: Qwen/Qwen3-4B
      per_device_train_batch_size: 8
      gradient_accumulation_steps: 2
      max_completion_length: 2048
      num_generations: 8
      """;

  @ParameterizedTest
  @CsvSource({
    "recipes/zephyr/orpo/config_full.yaml, orpo",
    "kto/config.yaml, kto",
    "cpo_qwen.yaml, cpo",
    "recipes/zephyr/dpo/config_full.yaml, dpo",
    "orpo/dpo.yaml, dpo",
    "grpo/config.yaml, dpo",
    "config.yaml, dpo",
  })
  void a_name_decides_between_those_that_take_the_same_arguments(String name, String stage) {
    assertThat(values(of(name, PAIRS))).containsEntry("objective.stage", stage);
  }

  /** Tests run in the folder of a module, which has a file of that name. */
  @Test
  void the_folder_of_a_file_that_is_named_without_one_is_the_current_one() {
    String here = Path.of("").toAbsolutePath().getFileName().toString();

    assertThat(TrainingText.folder("pom.xml")).contains(here);
    assertThat(TrainingText.folder("no-such-file.yaml")).isEmpty();
    assertThat(TrainingText.folder("orpo/config.yaml")).contains("orpo");
  }

  @Test
  void a_number_that_is_too_large_is_told_the_largest() {
    Reading reading = of("grpo.yaml", GROUPS + "generation_batch_size: 99999999999999\n");

    assertThat(reading.findings())
        .anyMatch(one -> one.message().toString().contains("a whole number up to 2147483647"));
  }

  @Test
  void pairs_that_a_reward_model_scores_are_generated() {
    assertThat(of("a.yaml", PAIRS + "reward_model_path: a/b\n").notModelled())
        .get()
        .asString()
        .contains("online_dpo");
  }

  @Test
  void that_the_name_was_taken_is_said() {
    Reading reading = of("orpo/config.yaml", PAIRS);

    assertThat(keys(reading, FindingCode.NOT_FOLLOWED)).contains("objective.stage");
    assertThat(keys(of("dpo/config.yaml", PAIRS), FindingCode.NOT_FOLLOWED)).isEmpty();
  }

  @Test
  void the_length_of_a_completion_beside_that_of_both_is_not_grpos() {
    assertThat(values(of("a.yaml", PAIRS + "max_completion_length: null\n")))
        .containsEntry("objective.stage", "dpo");
    assertThat(values(of("a.yaml", GROUPS.replace("num_generations: 8\n", ""))))
        .containsEntry("objective.stage", "grpo");
  }

  @Test
  void completions_that_are_generated_at_once_are_those_of_so_many_steps() {
    Reading reading = of("grpo.yaml", GROUPS + "generation_batch_size: 64\n");

    assertThat(values(reading)).containsEntry("generation.steps_per_generation", 8);
    assertThat(values(of("a.yaml", GROUPS))).doesNotContainKey("generation.steps_per_generation");
    assertThat(keys(of("a.yaml", GROUPS + "generation_batch_size: 60\n"), FindingCode.REFUSED))
        .contains("generation_batch_size");
  }

  @Test
  void what_newer_releases_of_grpo_do_not_heed_tells_an_older_one() {
    String device = GROUPS + "use_vllm: true\nvllm_device: auto\nuse_liger_kernel: true\n";

    assertThat(values(of("a.yaml", device)))
        .containsEntry("framework.version", "0.15.2")
        .containsEntry("loss", "full")
        .containsKey("liger_kernels");
    assertThat(values(of("a.yaml", GROUPS + "use_liger_loss: true\n")))
        .containsEntry("loss", "liger");
  }

  @Test
  void a_trainer_of_another_module_in_the_place_of_trls_is_said() {
    String program =
        """
        from trl import GRPOConfig, GRPOTrainer, ModelConfig, TrlParser, get_peft_config
        from lab.trainer import VideoGRPOTrainer
        parser = TrlParser((GRPOConfig, ModelConfig))
        args, model = parser.parse_args_and_config()
        kind = VideoGRPOTrainer
        trainer = kind(model=model.model_name_or_path, args=args)
        trainer.train()
        """;
    String command =
        "torchrun --nproc_per_node 4 src/grpo.py --model_name_or_path Qwen/Qwen2.5-7B"
            + " --per_device_train_batch_size 4 --num_generations 4";

    assertThat(keys(started(command, program), FindingCode.NOT_FOLLOWED))
        .contains("VideoGRPOTrainer");
    String theirs = program.replace("from lab.trainer", "from trl.experimental");
    assertThat(keys(started(command, theirs), FindingCode.NOT_FOLLOWED))
        .doesNotContain("VideoGRPOTrainer");
  }

  private static Reading started(String command, String program) {
    return TrainingFiles.read(
        List.of(TrainingText.of(command, "run.sh")),
        Optional.empty(),
        path ->
            path.equals("src/grpo.py")
                ? Optional.of(TrainingText.of(program, path))
                : Optional.empty());
  }
}
