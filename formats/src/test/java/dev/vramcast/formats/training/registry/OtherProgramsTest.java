package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for programs on the Trainer that are nobody's who is known. */
class OtherProgramsTest {

  private static final String OPTIONS =
      " --model_name_or_path a/b --output_dir o --per_device_train_batch_size 4 --bf16 True";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python run_baseline.py --model_name_or_path a/b --dtype bfloat16",
        "torchrun --nproc_per_node 4 \"${script}\" --model_name_or_path a/b --dtype bfloat16",
        "python \"$1\" --model_name_or_path a/b --torch_dtype bfloat16",
        "python $SCRIPT --model_name_or_path a/b",
        "accelerate launch --num_processes 4 $PROG --model_name_or_path a/b --output_dir o",
        "torchrun --nproc_per_node=8 $PROG --model_name_or_path a/b --output_dir o",
        "deepspeed --num_gpus 8 $PROG --model_name_or_path a/b --output_dir o",
        "accelerate launch --config_file x.yaml $PROG --model_name_or_path a/b --output_dir o",
      })
  void a_program_that_is_told_of_a_model_and_no_step_is_to_be_given_itself(String command) {
    assertThatThrownBy(() -> of("run.sh", command + "\n").under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(".*; give that (?:program|file) in place of the command");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run_clm.py --do_train", "run_sft.py", "\"${script}\" --num_epochs 2"})
  void one_whose_name_or_options_train_is_answered(String program) {
    Reading reading =
        of("run.sh", "python " + program + " --model_name_or_path a/b --max_length 64\n");

    assertThat(values(reading)).containsEntry("model.id", "a/b");
  }

  @ParameterizedTest
  @CsvSource({"dpo_training, dpo", "orpo_training, orpo", "reward_modeling, reward"})
  void names_of_lora_alone_make_none_of_llama_factory(String script, String stage) {
    Reading reading =
        of(
            "run.sh",
            "python training/"
                + script
                + ".py --use_peft True --lora_rank 4 --target_modules all"
                + OPTIONS
                + "\n");
    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("objective.stage", stage)
        .containsEntry("lora.rank", 4)
        .containsEntry("lora.targets", List.of("all-linear"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llamafactory-cli train --lora_rank 4",
        "python src/train_bash.py --lora_rank 4",
        "python somewhere.py --finetuning_type lora",
      })
  void commands_of_llama_factory_are_its(String command) {
    assertThat(of("run.sh", command + OPTIONS + "\n").format()).isEqualTo(FormatName.LLAMA_FACTORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepspeed llava/train/train_mem.py --vision_tower openai/clip --mm_projector_type x",
        "deepspeed llava/train/train_mem.py --tune_mm_mlp_adapter True",
        "torchrun -m FlagEmbedding.finetune.embedder.encoder_only.base --train_group_size 8",
        "torchrun internvl/train/internvl_chat_finetune.py --freeze_llm True",
        "torchrun internvl/train/internvl_chat_finetune.py --use_llm_lora 16",
      })
  void another_model_or_loss_has_no_figure(String command) {
    assertThat(of("run.sh", command + OPTIONS + "\n").notModelled()).isPresent();
  }

  @Test
  void arguments_that_are_off_ask_for_nothing() {
    String command =
        "torchrun train.py --freeze_llm False --use_llm_lora 0 --tune_mm_mlp_adapter no";
    assertThat(of("run.sh", command + OPTIONS + "\n").notModelled()).isEmpty();
  }

  @Test
  void a_program_of_an_older_release_loads_in_fp32() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("a/b")
        trainer = SFTTrainer(model=model, args=SFTConfig(bf16=True), dataset_text_field="text")
        trainer.train()
        """;
    assertThat(values(of("a.py", program))).containsEntry("model.dtype", "fp32");
    assertThat(values(of("a.py", program.replace(", dataset_text_field=\"text\"", ""))))
        .containsEntry("model.dtype", "auto");
  }

  @Test
  void a_tokenizer_cuts_where_it_was_loaded_to() {
    String program =
        """
        p.add_argument("--length", type=int, default=768)
        model = AutoModelForCausalLM.from_pretrained("a/b")
        tokenizer = AutoTokenizer.from_pretrained("a/b", model_max_length=args.length)
        ids = tokenizer(text, max_length=tokenizer.model_max_length, truncation=True)
        trainer = Trainer(model=model, args=TrainingArguments(bf16=True))
        trainer.train()
        """;
    assertThat(values(of("a.py", program))).containsEntry("batch.sequence_length", 768);
  }

  @Test
  void what_looks_for_all_linear_layers_means_them() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("a/b")
        modules = find_all_linear_names(model)
        model = get_peft_model(model, LoraConfig(r=4, target_modules=modules))
        trainer = Trainer(model=model, args=TrainingArguments(bf16=True))
        trainer.train()
        """;
    assertThat(values(of("a.py", program))).containsEntry("lora.targets", List.of("all-linear"));
  }

  @Test
  void a_teacher_beside_rewards_has_no_figure() {
    String command = "swift rlhf --rlhf_type grpo --model a/b --num_generations 8";
    assertThat(of("run.sh", command + "\n").notModelled()).isEmpty();
    assertThat(of("run.sh", command + " --teacher_model c/d\n").notModelled()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python -m pip install --upgrade pip==25.1.1",
        "python3 -m venv --clear env",
        "python lab/prepare_train_data.py --input-dir a --train-name b"
      })
  void what_installs_or_makes_data_is_not_the_command_that_trains(String before) {
    Reading reading =
        of("run.sh", before + "\npython lab/tune.py --model_name_or_path a/b --bf16 True\n");
    assertThat(values(reading)).containsEntry("model.id", "a/b");
    assertThat(reading.findings())
        .noneMatch(finding -> finding.message().toString().contains("trains too"));
  }

  @Test
  void a_class_with_a_head_of_words_loads_the_model() {
    Reading reading =
        of(
            "train.py",
            "from transformers import GPT2LMHeadModel, Trainer, TrainingArguments\n"
                + "model = GPT2LMHeadModel.from_pretrained('gpt2')\n"
                + "args = TrainingArguments(output_dir='x', per_device_train_batch_size=2)\n"
                + "Trainer(model=model, args=args).train()\n");

    assertThat(reading.document().text(JobKey.MODEL_ID)).contains("gpt2");
  }

  @Test
  void a_batch_of_a_program_that_starts_another_one_is_not_the_trainers() {
    String script =
        "python scripts/tune.py --model_name_or_path a/b --lora_rank 8 --batch_size 128"
            + " --num_train_epochs 2\n";
    String starts =
        """
        def main(**kwargs):
            batch_size = kwargs.get("batch_size", 32)
            subprocess.Popen(f"torchrun train.py --gradient_accumulation_steps {batch_size}")
        fire.Fire(main)
        """;
    Reading reading = started(script, starts);

    assertThat(reading.unreadable()).containsKey(JobKey.MICRO_BATCH);
    Reading told = started(script.replace("--batch_size", "--per_device_train_batch_size"), starts);
    assertThat(told.unreadable()).doesNotContainKey(JobKey.MICRO_BATCH);
    assertThat(started(script, "main()\n").unreadable()).doesNotContainKey(JobKey.MICRO_BATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subprocess.run([sys.executable, \"train.py\", \"--gradient_accumulation_steps\", n])",
        "os.system(f\"accelerate launch train.py {n}\")",
        "command = [\"torchrun\"]\ncommand += [\"train.py\"]\nsubprocess.check_call(command)",
        "subprocess.Popen([\"tool\", str(args.batch_size)])",
      })
  void a_program_that_starts_another_one_is_said_by_lint_too(String starts) {
    Reading reading = started(BATCH, starts + "\n");

    assertThat(reading.unreadable()).containsKey(JobKey.MICRO_BATCH);
    assertThat(reading.document().has(JobKey.MICRO_BATCH)).isFalse();
    assertThat(reading.findings())
        .filteredOn(finding -> finding.key().equals("batch_size"))
        .extracting(finding -> finding.message().toString())
        .singleElement()
        .asString()
        .contains("starts another program: what it makes of the batch is not known");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print(subprocess.check_output([\"git\", \"rev-parse\", \"HEAD\"]))",
        "subprocess.run([\"nvidia-smi\"], capture_output=True)",
        "subprocess.check_call([sys.executable, \"-m\", \"pip\", \"install\", \"trl\"])",
        "# subprocess.run([\"python\", \"train.py\"])",
        "text = 'subprocess.run([\"python\", \"train.py\"])'",
        "os.system(\"mkdir -p out\")",
      })
  void a_program_that_starts_no_other_one_keeps_its_batch(String starts) {
    Reading reading = started(BATCH, starts + "\nrun_training(args)\n");

    assertThat(reading.unreadable()).doesNotContainKey(JobKey.MICRO_BATCH);
    assertThat(reading.document().has(JobKey.MICRO_BATCH)).isTrue();
  }

  private static final String BATCH =
      "python scripts/tune.py --model_name_or_path a/b --lora_rank 8 --batch_size 128\n";

  private static Reading started(String script, String program) {
    return TrainingFiles.read(
        List.of(TrainingText.of(script, "run.sh")),
        Optional.empty(),
        path ->
            Optional.of(TrainingText.of(program, "tune.py"))
                .filter(file -> path.equals("scripts/tune.py")));
  }
}
