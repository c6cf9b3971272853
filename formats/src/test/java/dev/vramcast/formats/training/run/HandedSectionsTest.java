package dev.vramcast.formats.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parts of a file of settings that functions are handed under names of their own. */
class HandedSectionsTest {

  private static final String PROGRAM =
      """
      import yaml
      from peft import LoraConfig, get_peft_model
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig
      from trl import SFTConfig, SFTTrainer

      def load_settings(path):
          with open(path) as f:
              return yaml.safe_load(f)

      def bits(quant):
          return BitsAndBytesConfig(load_in_4bit=quant["on"])

      def build(base, adapter):
          model = AutoModelForCausalLM.from_pretrained(
              base["id"], quantization_config=bits(base["four_bit"]))
          return get_peft_model(model, LoraConfig(r=adapter["dim"], target_modules=adapter["on"]))

      def arguments(tune):
          return SFTConfig(
              per_device_train_batch_size=tune.get("batch", 1), max_length=int(tune["length"]))

      def run(settings):
          model = build(settings["base"], adapter=settings["lora"])
          SFTTrainer(model=model, args=arguments(settings["tune"])).train()

      if __name__ == "__main__":
          cfg = load_settings("runs/small.yaml")
          run(cfg)
      """;

  private static final String SETTINGS =
      """
      base: {id: Qwen/Qwen2.5-7B, four_bit: {on: true}}
      lora: {dim: 24, on: [q_proj, v_proj]}
      tune: {batch: 3, length: 768}
      """;

  private static Reading read(String program) {
    return TrainingFiles.read(
        List.of(TrainingText.of(program, "train.py")),
        Optional.empty(),
        path ->
            Optional.of(path)
                .filter("runs/small.yaml"::equals)
                .map(found -> TrainingText.of(SETTINGS, found)));
  }

  @Test
  void they_have_what_the_file_says_in_functions_of_functions_too() {
    assertThat(Readings.values(read(PROGRAM)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.sequence_length", 768);
  }

  @Test
  void a_function_may_hand_its_part_on_under_the_same_name() {
    String on =
        PROGRAM
            .replace("def bits(quant):", "def bits(base):")
            .replace("quant[\"on\"]", "base[\"four_bit\"][\"on\"]")
            .replace("bits(base[\"four_bit\"])", "bits(base)");
    assertThat(Readings.values(read(on)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora");
  }

  @Test
  void a_number_that_a_function_is_handed_may_be_made_a_whole_one_there() {
    String whole =
        PROGRAM
            .replace("def arguments(tune):", "def arguments(tune, length):")
            .replace("int(tune[\"length\"])", "int(length)")
            .replace("arguments(settings[\"tune\"])", "arguments(settings[\"tune\"], 640)");
    assertThat(Readings.values(read(whole))).containsEntry("batch.sequence_length", 640);
  }

  @Test
  void a_name_that_calls_hand_different_parts_is_left_open() {
    String other = PROGRAM.replace("    run(cfg)", "    run(cfg)\n    arguments(cfg[\"lora\"])");
    assertThat(read(other).unreadable()).containsKey(JobKey.MICRO_BATCH);
    String made = PROGRAM.replace("    run(cfg)", "    run(cfg)\n    arguments(changed(cfg))");
    assertThat(read(made).unreadable()).containsKey(JobKey.MICRO_BATCH);
  }

  @Test
  void what_a_function_changes_in_its_part_is_so_there() {
    String changed =
        PROGRAM.replace("    return SFTConfig(", "    tune[\"batch\"] = 5\n    return SFTConfig(");
    assertThat(Readings.values(read(changed))).containsEntry("batch.micro_batch", 5);
    String unknown =
        PROGRAM.replace("    return SFTConfig(", "    tune.update(more())\n    return SFTConfig(");
    assertThat(read(unknown).unreadable()).containsKey(JobKey.MICRO_BATCH);
  }
}
