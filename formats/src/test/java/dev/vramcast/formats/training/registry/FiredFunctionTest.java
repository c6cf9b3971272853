package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs whose command is a function, and what they find beside them. */
class FiredFunctionTest {

  private static final String FUNCTION =
      """
      import os
      import fire
      from typing import List
      from peft import LoraConfig, get_peft_model, prepare_model_for_int8_training
      from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

      def tune(
          # the model
          base: str = "",
          total: int = 96,  # of all GPUs
          micro: int = 3,
          rank: int = 4,
          on: List[str] = [
              "q_proj",
              "v_proj",
          ],
          eight: bool = True,
      ):
          steps = total // micro
          world = int(os.environ.get("WORLD_SIZE", 1))
          if world != 1:
              steps = steps // world
          model = AutoModelForCausalLM.from_pretrained(base, load_in_8bit=eight)
          model = prepare_model_for_int8_training(model)
          model = get_peft_model(model, LoraConfig(r=rank, target_modules=on))
          args = TrainingArguments(
              per_device_train_batch_size=micro, gradient_accumulation_steps=steps, fp16=True)
          Trainer(model=model, args=args).train()

      if __name__ == "__main__":
          fire.Fire(tune)
      """;

  private static final String IMPORTING =
      """
      import os
      from transformers import AutoModelForCausalLM
      from trl import SFTConfig, SFTTrainer
      from lab.settings import (
          BASE,  # shared
          LENGTH,
      )

      model = AutoModelForCausalLM.from_pretrained(os.environ.get("BASE", BASE))
      size = int(os.environ["BATCH"])
      sft = SFTConfig(per_device_train_batch_size=size, max_length=LENGTH)
      SFTTrainer(model=model, args=sft).train()
      """;

  private static final String MODULE =
      """
      BASE: str = "Qwen/Qwen2.5-7B"
      LENGTH = 3 * 256
      """;

  private static Map<String, Object> values(String command, String program) {
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of(command, "run.sh")),
            Optional.empty(),
            path ->
                Optional.ofNullable(
                        Map.of("train.py", program, "lab/settings.py", MODULE).get(path))
                    .map(text -> TrainingText.of(text, path)));
    return Readings.values(reading);
  }

  @Test
  void parameters_of_a_function_that_is_the_command_are_its_options() {
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B --rank=16 --micro 8\n", FUNCTION))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("model.quantization.scheme", "int8")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 8)
        .containsEntry("batch.grad_accum", 12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'[k_proj,o_proj]'", "k_proj,o_proj", "'[\"k_proj\", \"o_proj\"]'"})
  void a_list_is_written_as_fire_takes_it(String list) {
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B --on " + list + "\n", FUNCTION))
        .containsEntry("lora.targets", List.of("k_proj", "o_proj"));
  }

  @Test
  void the_launcher_tells_a_program_how_many_processes_share_its_batch() {
    assertThat(values("torchrun --nproc_per_node 4 train.py --base Qwen/Qwen2.5-7B\n", FUNCTION))
        .containsEntry("hardware.count", 4)
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.grad_accum", 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"typer.run(tune)", "tyro.cli(tune)", "Fire(tune)"})
  void other_packages_make_functions_commands_too(String call) {
    String program = FUNCTION.replace("fire.Fire(tune)", call);
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B --no-eight\n", program))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("batch.grad_accum", 32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fire.Fire(\n        tune\n    )",
        "fire.Fire({'tune': tune})",
        "fire.Fire({\n        \"tune\": tune,  # alone\n    })",
        "fire.Fire(os)\n    fire.Fire(tune)",
        "fire.Fire(tune)  # or fire.Fire(os)",
      })
  void the_last_call_of_a_plain_function_makes_the_command(String call) {
    String program =
        "\"\"\"\nAs fire.Fire(other) does.\n\"\"\"\n" + FUNCTION.replace("fire.Fire(tune)", call);
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B --rank 12\n", program))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("lora.rank", 12);
  }

  @Test
  void of_several_commands_none_is_taken() {
    String program = FUNCTION.replace("fire.Fire(tune)", "fire.Fire({'a': tune, 'b': os})");
    assertThatThrownBy(() -> values("python train.py --base Qwen/Qwen2.5-7B\n", program))
        .hasMessageContaining("runs train.py, which is no training program");
  }

  @Test
  void a_list_may_be_long() {
    String list = "a,".repeat(3_000) + "a";
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B --on " + list + "\n", FUNCTION))
        .containsEntry("lora.rank", 4);
  }

  @Test
  void a_described_option_of_typer_has_its_first_argument_as_default() {
    String program =
        FUNCTION
            .replace("fire.Fire", "typer.run")
            .replace("micro: int = 3", "micro: int = typer.Option(6, help=\"a, b\")");
    assertThat(values("python train.py --base Qwen/Qwen2.5-7B\n", program))
        .containsEntry("batch.micro_batch", 6)
        .containsEntry("batch.grad_accum", 16);
  }

  @Test
  void without_a_command_the_defaults_hold_and_what_has_none_stays_open() {
    Reading reading = Readings.of("train.py", FUNCTION);
    assertThat(reading.unreadable()).containsOnlyKeys(JobKey.MODEL_ID);
    assertThat(Readings.values(reading))
        .containsEntry("lora.rank", 4)
        .containsEntry("batch.grad_accum", 32);
  }

  @Test
  void a_script_that_goes_to_a_folder_finds_its_program_there() {
    String program = FUNCTION.replace("rank: int = 4", "rank: int = 6");
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "cd $HOME/work && cd lab/tuning\npython train.py --base Qwen/Qwen2.5-7B\n",
                    "run.sh")),
            Optional.empty(),
            path ->
                Optional.of(TrainingText.of(program, path))
                    .filter(file -> path.equals("work/lab/tuning/train.py")));
    assertThat(Readings.value(reading, JobKey.LORA_RANK)).isEqualTo(6);
  }

  @Test
  void a_program_beside_the_script_goes_before_one_that_may_be_in_a_folder_of_another_place() {
    Map<String, String> programs =
        Map.of("train.py", FUNCTION, "other/train.py", FUNCTION.replace("rank: int = 4", "rank=6"));
    assertThat(rank("cd $HOME/other\n", programs)).isEqualTo(4);
    assertThat(rank("cd /opt/lab && cd other\n", programs)).isEqualTo(4);
    assertThat(rank("cd other\n", programs)).isEqualTo(6);
    assertThat(rank("( cd other && ls )\n", programs)).isEqualTo(4);
  }

  private static Object rank(String start, Map<String, String> programs) {
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of(start + "python train.py --base Qwen/Qwen2.5-7B\n", "run.sh")),
            Optional.empty(),
            path ->
                Optional.ofNullable(programs.get(path)).map(text -> TrainingText.of(text, path)));
    return Readings.value(reading, JobKey.LORA_RANK);
  }

  @Test
  void a_variable_that_is_not_handed_on_leaves_the_program_its_default() {
    assertThat(values("BASE=Qwen/Qwen3-4B\nBATCH=2 python train.py\n", IMPORTING))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B");
  }

  @Test
  void constants_of_modules_and_variables_of_the_command_are_known() {
    assertThat(values("export BATCH=5\npython train.py\n", IMPORTING))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("batch.sequence_length", 768)
        .containsEntry("batch.micro_batch", 5);
    assertThat(values("BATCH=2 BASE=Qwen/Qwen3-4B python train.py\n", IMPORTING))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void a_module_is_found_where_packages_lie_and_its_dictionaries_are_known() {
    String program =
        """
        from trl import SFTConfig, SFTTrainer
        from .settings import LORA, TRAINING
        SFTTrainer(
            model="Qwen/Qwen2.5-7B",
            args=SFTConfig(max_length=TRAINING["length"], bf16=is_bfloat16_supported()),
            peft_config=LoraConfig(r=LORA["r"], target_modules=list(LORA["on"])),
        ).train()
        """;
    Map<String, String> files =
        Map.of(
            "src/lab/train.py",
            program,
            "src/lab/settings.py",
            "LORA = {'r': 24, 'on': ('q_proj',)}\nTRAINING = dict(length=300)\n");
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of("python -m lab.train\n", "run.sh")),
            Optional.empty(),
            path -> Optional.ofNullable(files.get(path)).map(text -> TrainingText.of(text, path)));
    assertThat(Readings.values(reading))
        .containsEntry("lora.rank", 24)
        .containsEntry("lora.targets", List.of("q_proj"))
        .containsEntry("batch.sequence_length", 300)
        .containsEntry("precision", "bf16-mixed");
  }
}
