package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts say beside the command that is read, and what is said of it. */
class UnreadScriptsTest {

  private static final String SWIFT =
      "swift sft --model Qwen/Qwen3-8B --dataset a.jsonl --max_length 512";

  private static final String TRAIN =
      "python train.py --model_name_or_path Qwen/Qwen3-8B --per_device_train_batch_size 2"
          + " --model_max_length 512";

  @ParameterizedTest
  @ValueSource(strings = {"\"${SPAN[@]}\"", "${SPAN[@]:-}", "$EXTRA_ARGS", "${SWIFT_OPTS}"})
  void words_for_options_that_the_script_does_not_set_are_no_value(String word) {
    Reading reading = of("run.sh", "mapfile -t SPAN < <(span)\n" + SWIFT + ' ' + word + '\n');

    assertThat(values(reading)).containsEntry("batch.sequence_length", 512);
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).anyMatch(key -> key.startsWith("$"));
  }

  @Test
  void arguments_of_the_script_itself_are_none() {
    Reading reading = of("run.sh", SWIFT + " \"$@\"\n");

    assertThat(values(reading)).containsEntry("batch.sequence_length", 512);
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).isEmpty();
  }

  @Test
  void other_commands_that_train_are_told_of() {
    String other = "swift rlhf --rlhf_type dpo --model Qwen/Qwen3-8B --max_length 2048 --beta 1\n";
    Reading reading = of("run.sh", SWIFT + '\n' + "python merge.py --lora a\n" + other);

    assertThat(values(reading)).containsEntry("objective.stage", "dpo");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).containsExactly("swift");
    assertThat(keys(of("run.sh", other + other), FindingCode.NOT_COUNTED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "srun --nodes=2 --gpus-per-node=4, 8",
    "srun -N 2 --gres=gpu:a100:4, 8",
    "srun --gpus-per-node 4, 4"
  })
  void what_srun_asks_for_is_what_the_command_is_given(String srun, int count) {
    assertThat(values(of("run.sh", srun + " accelerate launch " + TRAIN.substring(7) + '\n')))
        .containsEntry("hardware.count", count);
  }

  @Test
  void what_srun_shares_says_nothing() {
    String script = "#SBATCH --nodes=2\n#SBATCH --gpus-per-node=4\nsrun --overlap -N 1 " + TRAIN;

    assertThat(values(of("run.sh", script + '\n'))).containsEntry("hardware.count", 8);
  }

  @Test
  void several_cards_of_one_process_are_told_of() {
    String cards = "CUDA_VISIBLE_DEVICES=0,1 ";

    assertThat(keys(of("run.sh", cards + TRAIN + '\n'), FindingCode.NOT_COUNTED))
        .contains("CUDA_VISIBLE_DEVICES");
    assertThat(
            keys(
                of("run.sh", cards + TRAIN.replace("python", "torchrun --nproc_per_node 2") + '\n'),
                FindingCode.NOT_COUNTED))
        .isEmpty();
    assertThat(
            keys(
                of(
                    "run.sh",
                    cards
                        + "python -m llamafactory.cli train --stage sft --do_train --template qwen"
                        + " --model_name_or_path Qwen/Qwen2.5-7B --cutoff_len 64\n"),
                FindingCode.NOT_COUNTED))
        .isEmpty();
  }

  @Test
  void another_command_may_begin_with_a_variable() {
    String other = "$LAUNCHER python train_dpo.py --model_name_or_path a/b --learning_rate 1\n";

    assertThat(of("run.sh", TRAIN + '\n' + other).findings())
        .extracting(Object::toString)
        .anyMatch(found -> found.contains("trains too"))
        .noneMatch(found -> found.contains("stands for options"));
  }

  @Test
  void of_many_other_commands_one_is_named_with_how_many_more_there_are() {
    StringBuilder script = new StringBuilder(TRAIN).append(" --lora_r 8\n");
    for (int i = 0; i < 30; i++) {
      script.append(SWIFT.replace("a.jsonl", "d" + i)).append('\n');
    }

    Reading reading = of("run.sh", script.toString());
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).hasSize(1);
    assertThat(reading.findings())
        .extracting(Object::toString)
        .anyMatch(found -> found.contains(" and 19 more train too: one command"));
  }

  @Test
  void the_launcher_of_a_file_tells_how_many_gpus_there_are() {
    String file = "base_model: Qwen/Qwen3-8B\nsequence_len: 512\nmicro_batch_size: 1\n";
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "accelerate launch --num_processes 4 -m axolotl.cli.train a.yml\n", "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(file, "a.yml")));

    assertThat(values(reading)).containsEntry("hardware.count", 4);
    assertThat(keys(reading, FindingCode.ASSUMED)).doesNotContain(JobKey.GPU_COUNT.path());
  }

  @Test
  void the_beginning_of_an_option_is_that_option_as_for_argparse() {
    Reading reading = of("run.sh", TRAIN + " --max_step 50 --learning 1\n");

    assertThat(values(reading)).containsEntry("data.steps", 50L);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("max_step");
  }

  @Test
  void classes_of_arguments_may_stand_in_other_modules() {
    String program =
        """
        from lab.arguments import ModelArguments
        parser = HfArgumentParser((ModelArguments, TrainingArguments))
        model_args, training_args = parser.parse_args_into_dataclasses()
        model = AutoModelForCausalLM.from_pretrained(model_args.model_name_or_path)
        model = get_peft_model(model, LoraConfig(r=32, target_modules=["q_proj"]))
        Trainer(model=model, args=training_args).train()
        """;
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of(TRAIN + '\n', "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(program, "train.py")));

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("q_proj"));
  }

  @Test
  void defaults_of_a_programs_own_arguments_tell_that_it_evaluates() {
    String program =
        """
        @dataclass
        class TrainArgs(TrainingArguments):
            eval_strategy: str = field(default="steps")
        parser = HfArgumentParser((ModelArguments, TrainingArguments))
        model_args, training_args = parser.parse_args_into_dataclasses()
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        Trainer(model=model, args=training_args, eval_dataset=rows).train()
        """;

    assertThat(values(of("train.py", program))).containsKey("evaluation.batches");
  }

  @Test
  void openrlhf_was_started_by_its_programs_before_they_were_modules() {
    String script =
        """
        MODEL=Qwen/Qwen3-8B
        read -r -d '' training_commands <<EOF
        ../train_%s.py \\
            --pretrain $MODEL \\
            --micro_train_batch_size 4 \\
            --train_batch_size 64 \\
            --max_len 2048 \\
            --zero_stage 2
        EOF
        deepspeed --num_gpus 4 $training_commands
        """;

    assertThat(values(of("run.sh", script.formatted("rm"))))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("objective.stage", "reward")
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("parallelism.strategy", "zero2");
    assertThat(values(of("run.sh", script.formatted("ppo"))))
        .containsEntry("hardware.count", 4)
        .containsEntry("generation.engine", "transformers");
    assertThatThrownBy(() -> of("run.sh", script.formatted("own")))
        .isInstanceOf(InputException.class);
  }

  @Test
  void settings_of_another_tool_are_no_file_of_the_new_engine() {
    String settings = "model: llama-3.1-8b\nquant_config: bnb.yaml\nbatch_size: 2\nlr0: 5e-5\n";

    assertThatThrownBy(() -> of("train.yaml", settings)).isInstanceOf(InputException.class);
    assertThat(
            Readings.value(
                of("v1.yaml", "model: Qwen/Qwen3-8B\nquant_config: null\n"), JobKey.MODEL_ID))
        .isEqualTo("Qwen/Qwen3-8B");
  }

  @Test
  void a_batch_under_a_name_of_a_programs_own_is_the_batch() {
    String settings =
        """
        model_name_or_path: Qwen/Qwen3-4B
        max_completion_length: 256
        num_generations: 4
        micro_train_batch_size: 2
        train_batch_size: 8
        """;
    Reading reading = of("grpo.yaml", settings);

    assertThat(values(reading)).containsEntry("batch.micro_batch", 2);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("micro_train_batch_size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"use_qlora", "qlora", "enable_qlora"})
  void a_switch_of_a_program_of_its_own_may_be_for_adapters_on_4_bits(String on) {
    Reading reading = of("run.sh", TRAIN + " --" + on + '\n');

    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4");
    assertThat(keys(reading, FindingCode.ASSUMED)).contains(on);
    assertThat(values(of("run.sh", TRAIN + " --" + on + " false\n")))
        .containsEntry("method", "full");
  }

  @Test
  void the_program_of_qloras_paper_has_its_defaults_where_a_command_names_none_of_its_own() {
    String command =
        "python qlora.py --model_name_or_path Qwen/Qwen3-8B --dataset data/train.json"
            + " --per_device_train_batch_size 8\n";
    Reading reading = of("run.sh", command);

    assertThat(values(reading))
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 8)
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("batch.sequence_length", 1280);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("qlora.py");
    assertThat(values(of("run.sh", command.replace("--dataset", "--train_file"))))
        .doesNotContainKey("batch.grad_accum");
  }

  @Test
  void nodes_that_torchtune_is_started_on_have_as_many_gpus_each() {
    String file =
        """
        # tune run --nnodes 2 --nproc_per_node 8 full_finetune_distributed --config a.yaml
        model:
          _component_: torchtune.models.llama3_1.llama3_1_8b
        tokenizer:
          _component_: torchtune.models.llama3.llama3_tokenizer
          path: a
        batch_size: 2
        """;

    assertThat(values(of("a.yaml", file))).containsEntry("hardware.count", 16);
    assertThat(values(of("a.yaml", file.replace("--nnodes 2", "--nnodes 1:4"))))
        .containsEntry("hardware.count", 8);
  }

  @Test
  void a_base_model_beside_data_under_another_name_is_none_of_axolotls() {
    String settings = "base_model: Qwen/Qwen3-8B\nmicro_batch_size: 1\nnum_epochs: 1\n%s: a\n";

    assertThat(of("train.yaml", settings.formatted("datasets")).format())
        .isEqualTo(FormatName.AXOLOTL);
    assertThatThrownBy(() -> of("train.yaml", settings.formatted("data_path")))
        .isInstanceOf(InputException.class);
  }

  @Test
  void settings_that_llamafactory_refuses_are_a_programs_own() {
    String settings =
        """
        model_name_or_path: Qwen/Qwen3-4B
        per_device_train_batch_size: 2
        cutoff_len: 512
        lora_rank: 16
        """;
    String own = settings + "lora_target_modules: [q_proj]\nload_in_4bit: true\n";
    Reading reading = of("train.yaml", own);

    assertThat(of("train.yaml", settings).format()).isEqualTo(FormatName.LLAMA_FACTORY);
    assertThat(of("train.yaml", own + "finetuning_type: lora\n").format())
        .isEqualTo(FormatName.LLAMA_FACTORY);
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("q_proj"))
        .containsEntry("batch.sequence_length", 512);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("cutoff_len");
  }

  @Test
  void settings_for_writing_are_none_of_a_training() {
    String settings = "model_name_or_path: Qwen/Qwen3-4B\nmax_new_tokens: 96\ntop_p: 0.9\n";

    assertThatThrownBy(() -> of("write.yaml", settings)).isInstanceOf(InputException.class);
    assertThat(of("train.yaml", settings + "per_device_train_batch_size: 2\n").format())
        .isEqualTo(FormatName.TRANSFORMERS);
  }

  @Test
  void what_starts_a_program_that_a_variable_names_is_not_said_to_be_the_program() {
    String script =
        "PROGRAM=$(python -c 'import a; print(a.__file__)')\n"
            + "python -m torch.distributed.run --nproc_per_node 2 \"$PROGRAM\" --model_type m\n";

    assertThatThrownBy(() -> of("train.sh", script))
        .isInstanceOf(InputException.class)
        .hasMessageNotContaining("torch/distributed");
  }
}
