package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
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

class NamedFileTest {

  private static final Map<String, String> FILES =
      Map.of(
          "lf.yaml",
          """
          model_name_or_path: Qwen/Qwen2.5-7B
          stage: sft
          finetuning_type: lora
          lora_rank: 16
          cutoff_len: 1024
          per_device_train_batch_size: 2
          """,
          "sft.yaml",
          """
          model_name_or_path: Qwen/Qwen2.5-7B
          use_peft: true
          lora_r: 64
          max_length: 4096
          per_device_train_batch_size: 3
          """,
          "fsdp.yaml",
          """
          distributed_type: FSDP
          fsdp_config:
            fsdp_version: 2
            fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
          mixed_precision: bf16
          num_processes: 4
          """,
          "tune.yaml",
          """
          tokenizer:
            _component_: torchtune.models.llama3.llama3_tokenizer
            max_seq_len: 512
          model:
            _component_: torchtune.models.llama3_1.lora_llama3_1_8b
            lora_attn_modules: ['q_proj']
            lora_rank: 8
          optimizer:
            _component_: torch.optim.AdamW
          batch_size: 2
          """,
          "examples/configs/sft.yaml",
          """
          sft:
            max_num_epochs: 1
          policy:
            model_name: Qwen/Qwen2.5-1.5B
            train_global_batch_size: 32
            train_micro_batch_size: 2
            max_total_sequence_length: 1024
          cluster:
            gpus_per_node: 1
            num_nodes: 1
          """,
          "examples/configs/recipes/../sft.yaml",
          """
          sft:
            max_num_epochs: 1
          policy:
            model_name: Qwen/Qwen2.5-3B
            train_micro_batch_size: 2
          cluster:
            gpus_per_node: 4
          """,
          "examples/configs/recipes/long.yaml",
          """
          defaults: ../sft.yaml
          policy:
            max_total_sequence_length: 16384
          """,
          "examples/scripts/rloo.py",
          """
          from trl import RLOOConfig, RLOOTrainer
          args = RLOOConfig(max_completion_length=1024, gradient_accumulation_steps=2)
          trainer = RLOOTrainer(model="Qwen/Qwen3-0.6B", args=args, peft_config=LoraConfig())
          """,
          "axolotl.yml",
          """
          base_model: Qwen/Qwen2.5-7B
          datasets: []
          micro_batch_size: 2
          gradient_accumulation_steps: 1
          """);

  @Test
  void the_file_that_llamafactory_trains_by_is_read_in_place_of_the_command() {
    Reading reading = read("CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train lf.yaml\n");
    assertThat(reading.format().label()).isEqualTo("llama-factory");
    assertThat(Readings.values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("hardware.count", 2);
  }

  @Test
  void values_behind_the_file_win_over_those_in_it() {
    Reading reading =
        read("llamafactory-cli train lf.yaml per_device_train_batch_size=5 cutoff_len=4096\n");
    assertThat(Readings.value(reading, JobKey.MICRO_BATCH)).isEqualTo(5);
    assertThat(Readings.value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(4096);
    assertThat(Readings.value(reading, JobKey.LORA_RANK)).isEqualTo(16);
  }

  @Test
  void options_win_over_the_file_of_config_and_the_launcher_names_its_own() {
    Reading reading =
        read(
            "accelerate launch --config_file fsdp.yaml --num_processes 8 sft.py --config sft.yaml"
                + " --lora_r 8\n");
    assertThat(reading.format().label()).isEqualTo("trl");
    assertThat(Readings.values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("hardware.count", 8);
  }

  @Test
  void tune_run_replaces_values_by_their_paths_and_components_by_their_names() {
    Reading reading =
        read(
            """
            tune run --nproc_per_node 4 lora_finetune_distributed --config tune.yaml \\
              model=torchtune.models.llama3_1.qlora_llama3_1_8b model.lora_rank=32 \\
              optimizer._component_=bitsandbytes.optim.PagedAdamW8bit batch_size=6
            """);
    assertThat(reading.format().label()).isEqualTo("torchtune");
    assertThat(Readings.values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 32)
        .containsEntry("optimizer.name", "paged-adamw-8bit")
        .containsEntry("batch.micro_batch", 6)
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("hardware.count", 4);
  }

  @Test
  void tune_run_removes_keys_and_a_recipe_for_one_gpu_has_one() {
    Reading reading =
        read("tune run lora_finetune_single_device --config tune.yaml ~tokenizer.max_seq_len\n");
    assertThat(Readings.value(reading, JobKey.SEQUENCE_LENGTH)).isNull();
    assertThat(Readings.value(reading, JobKey.GPU_COUNT)).isEqualTo(1);
  }

  @Test
  void options_of_axolotl_are_keys_of_its_file() {
    Reading reading =
        read(
            "accelerate launch --num_processes 2 -m axolotl.cli.train axolotl.yml"
                + " --sequence-len 8192\n");
    assertThat(reading.format().label()).isEqualTo("axolotl");
    assertThat(Readings.value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(8192);
    assertThat(Readings.value(reading, JobKey.GPU_COUNT)).isEqualTo(2);
  }

  /** As the docstring of TRL's examples/scripts/rloo.py has it. */
  @Test
  void a_program_that_a_launcher_starts_without_options_holds_all_of_the_job() {
    Reading reading = read("accelerate launch --config_file fsdp.yaml examples/scripts/rloo.py\n");

    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-0.6B")
        .containsEntry("objective.stage", "rloo")
        .containsEntry("batch.grad_accum", 2)
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("hardware.count", 4);
    assertThatThrownBy(() -> read("accelerate launch examples/scripts/rloo.py --beta 0.1\n"))
        .isInstanceOf(InputException.class);
  }

  @Test
  void a_path_without_end_is_shown_by_its_beginning() {
    assertThatThrownBy(() -> read("axolotl train " + "b".repeat(5000) + ".yaml\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trains by bbbb")
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(250));
  }

  @Test
  void a_program_without_end_is_shown_by_its_beginning_too() {
    Reading reading = read("python " + "b".repeat(5000) + ".py --model_name gpt2 --lora_r 8\n");

    assertThat(reading.findings())
        .anyMatch(finding -> finding.message().toString().contains("is a program that is not"))
        .allSatisfy(
            finding -> {
              assertThat(finding.key()).hasSizeLessThan(90);
              assertThat(finding.message().toString()).hasSizeLessThan(400);
            });
  }

  @Test
  void a_program_of_nemo_rl_that_is_told_of_no_file_has_one_of_its_own() {
    Reading reading = read("uv run python examples/run_sft.py\n");
    assertThat(reading.format().label()).isEqualTo("nemo-rl");
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-1.5B")
        .containsEntry("objective.stage", "sft")
        .containsEntry("batch.grad_accum", 16);

    Reading changed =
        read("uv run examples/run_sft.py cluster.gpus_per_node=4 ++policy.sequence_packing=null\n");
    assertThat(Readings.value(changed, JobKey.GPU_COUNT)).isEqualTo(4);
  }

  @Test
  void a_file_of_nemo_rl_that_its_user_fills_in_is_not_its_own_one() {
    assertThatThrownBy(() -> read("uv run examples/run_sft.py --config <your.yaml> a.b=1\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trains by <your.yaml>, which is no training file");
  }

  @Test
  void a_file_names_others_from_its_own_folder() {
    Reading reading =
        read("uv run examples/run_sft.py --config examples/configs/recipes/long.yaml\n");
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-3B")
        .containsEntry("batch.sequence_length", 16_384)
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> read("set -e\nllamafactory-cli train other/none.yaml\n"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("run.sh:2:1: trains by other/none.yaml, which is no training");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/me/lab/", "$PWD/", "${HOME}/lab/", "$ROOT/code/lab/"})
  void a_path_of_another_machine_is_that_of_the_file_whose_path_ends_so(String before) {
    Reading reading =
        read("uv run examples/run_sft.py --config " + before + "examples/configs/sft.yaml\n");

    assertThat(Readings.values(reading)).containsEntry("model.id", "Qwen/Qwen2.5-1.5B");
  }

  @Test
  void a_name_alone_is_no_path_that_ends_so() {
    assertThatThrownBy(() -> read("llamafactory-cli train /home/me/lf.yaml\n"))
        .hasMessageContaining("which is no training file below its folder");
  }

  @Test
  void a_launchers_file_is_not_taken_for_that_of_the_job() {
    assertThatThrownBy(() -> read("python train.py --config fsdp.yaml\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trains by fsdp.yaml, which is no training file");
  }

  @Test
  void a_file_of_config_that_is_not_there_is_named_where_the_job_needs_it() {
    Reading reading = read("trl sft --config none.yaml --max_length 64\n");
    JobDocument empty = JobDocument.empty();
    assertThatThrownBy(() -> reading.under(empty))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("run.sh:1:1: trains by none.yaml, which is no training file");
    JobDocument named = empty.with(JobKey.MODEL_ID, "m", new Place.Chosen("a test"));
    assertThat(reading.under(named).text(JobKey.MODEL_ID)).contains("m");
  }

  @Test
  void torchtunes_own_configurations_are_known_by_their_names() {
    Reading reading =
        read(
            "tune run --nproc_per_node 2 lora_finetune_distributed --config llama3_1/8B_lora"
                + " batch_size=4\n");
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "meta-llama/Meta-Llama-3.1-8B-Instruct")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("hardware.count", 2);
  }

  @Test
  void litgpts_own_configurations_are_known_by_path_and_address() {
    Reading reading =
        read(
            "litgpt finetune_lora microsoft/phi-2 --train.micro_batch_size 1 --config"
                + " https://raw.githubusercontent.com/Lightning-AI/litgpt/main"
                + "/config_hub/finetune/phi-2/lora.yaml\n");
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "microsoft/phi-2")
        .containsEntry("method", "lora")
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void an_unknown_name_of_a_configuration_is_refused_as_it_was() {
    assertThatThrownBy(() -> read("tune run lora_finetune_single_device --config llama9/8B\n"))
        .isInstanceOf(InputException.class);
  }

  private static Reading read(String script) {
    return TrainingFiles.read(
        List.of(TrainingText.of(script, "run.sh")),
        Optional.empty(),
        path -> Optional.ofNullable(FILES.get(path)).map(text -> TrainingText.of(text, path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<PATH TO YAML CONFIG>", "<your_config.yaml>", "$CONFIG_FILE"})
  void a_file_that_is_filled_in_is_said_to_be_missing(String given) {
    assertThatThrownBy(
            () -> Readings.of("a.sh", "uv run examples/run_dpo.py --config " + given + "\n"))
        .hasMessageContaining("trains by " + given + ", which is no training file");
  }
}
