package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of programs that are nobody's but their writer's. */
class OwnProgramsTest {

  private static Reading run(String program, String options) {
    return of("run.sh", "python " + program + " --model_name_or_path a/b " + options);
  }

  @Test
  void the_program_of_qloras_paper_trains_adapters_on_four_bits_unless_it_is_told_otherwise() {
    Reading reading =
        run("qlora.py", "--bits 4 --double_quant --bf16 --source_max_len 384 --lora_r 32");

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("lora.dtype", "bf16")
        .containsEntry("lora.kbit_prepare", true)
        .containsEntry("batch.sequence_length", 384 + 256)
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("optimizer.name", "paged-adamw")
        .containsEntry("checkpointing", "full");
  }

  @Test
  void nothing_is_said_of_what_the_program_of_qloras_paper_reads() {
    Reading reading = run("qlora.py", "--dataset oasst1 --dataset_format a --do_mmlu_eval");

    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
    assertThat(reading.findings())
        .extracting(Object::toString)
        .anyMatch(found -> found.contains("is taken for that of QLoRA's paper"))
        .noneMatch(found -> found.contains("program that is not known"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--lora_enable True --lora_r 128 --bits 4 --source_max_len 8",
        "--lora_enable True --lora_r 128 --bits 4 --double_quant True --quant_type nf4"
      })
  void what_llava_shares_with_it_is_read_as_llava_has_it(String options) {
    assertThat(values(run("llava/train/train.py", "--bf16 True " + options)))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 128)
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("lora.targets", List.of("all-linear"))
        .doesNotContainEntry("optimizer.name", "paged-adamw");
    assertThat(values(run("llava/train/train.py", "--bf16 True --bits 16 --quant_type nf4")))
        .containsEntry("method", "full")
        .doesNotContainKey("model.quantization.scheme");
  }

  @Test
  void a_program_of_another_name_is_its_own_where_two_of_its_options_say_so() {
    assertThat(values(run("train.py", "--bits 4 --max_memory_MB 80000")))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 64);
    assertThat(values(run("train.py", "--source_max_len 512"))).containsEntry("method", "full");
  }

  @Test
  void its_other_widths_and_its_full_training_are_what_they_say() {
    assertThat(values(run("qlora.py", "--bits 8 --model_max_length 512")))
        .containsEntry("model.quantization.scheme", "int8")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.sequence_length", 512);
    assertThat(values(run("qlora.py", "--bits 16")))
        .containsEntry("method", "lora")
        .containsEntry("model.dtype", "fp32")
        .doesNotContainKey("model.quantization.scheme");
    assertThat(values(run("qlora.py", "--bits 16 --full_finetune --bf16")))
        .containsEntry("method", "full")
        .containsEntry("model.dtype", "bf16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub/train_lora.py", "lora.py", "finetune-lora.py", "sft_lora.py"})
  void a_program_that_is_called_by_its_adapters_trains_them(String program) {
    Reading reading = run(program, "--model_max_length 128 --bf16");

    assertThat(values(reading)).containsEntry("method", "lora");
    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.code() == FindingCode.NOT_FOLLOWED
                    && finding.message().toString().contains("is called by its adapters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sft_lora.py", "a/dpo_lora.py", "run_clm_lora.py", "train_x.py"})
  void a_rank_is_that_of_adapters_in_a_program_of_ones_own(String program) {
    assertThat(values(run(program, "--lora_rank 24 --bf16")))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train_no_lora.py", "train_without_lora.py", "a/no-qlora.py"})
  void a_program_that_is_called_by_no_adapters_trains_none(String program) {
    assertThat(values(run(program, "--bf16"))).containsEntry("method", "full");
  }

  @Test
  void fastchats_switch_is_a_base_in_four_bits() {
    assertThat(values(run("fastchat/train/train_lora.py", "--q_lora True --lora_r 8")))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("lora.kbit_prepare", true);
    assertThat(values(run("fastchat/train/train_lora.py", "--q_lora False --lora_r 8")))
        .containsEntry("method", "lora")
        .doesNotContainKey("model.quantization.scheme");
    assertThat(
            values(
                of(
                    "run.sh",
                    "python finetune.py --model_name_or_path Qwen/Qwen-7B-Chat-Int4 --use_lora"
                        + " --q_lora --lora_r 64")))
        .doesNotContainKey("model.quantization.scheme");
  }

  @Test
  void targets_that_are_stated_are_those() {
    for (String on : List.of("--lora_enable True", "--use_peft --freeze_vision_modules true")) {
      assertThat(values(run("x.py", on + " --lora_r 8 --lora_target_modules q_proj v_proj")))
          .containsEntry("lora.targets", List.of("q_proj", "v_proj"));
    }
    assertThat(values(run("x.py", "--use_peft --freeze_vision_modules false --lora_r 8")))
        .doesNotContainKey("lora.targets")
        .doesNotContainKey("frozen");
  }

  @Test
  void a_key_that_is_not_known_may_be_the_program_s_own() {
    Reading reading = run("train.py", "--lora_rnk 8 --sequence_len 8 --lora_r 8");

    assertThat(keys(reading, FindingCode.MISSPELT_KEY)).isEmpty();
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).contains("lora_rnk", "sequence_len");
    assertThat(keys(run("trl/scripts/sft.py", "--lora_rnk 8"), FindingCode.MISSPELT_KEY))
        .contains("lora_rnk");
  }

  @Test
  void a_rank_without_a_switch_is_that_of_adapters_in_a_program_of_ones_own_alone() {
    assertThat(values(run("train.py", "--lora_r 24 --max_seq_len 512")))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.sequence_length", 512);
    assertThat(values(run("train.py", "--lora_r 24 --use_lora false")))
        .containsEntry("method", "full");
    assertThat(values(run("train.py", "--lora_r 8 --load_in_bits 4")))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4");
    Reading script = run("trl/scripts/sft.py", "--lora_r 24");
    assertThat(values(script)).containsEntry("method", "full");
    assertThat(keys(script, FindingCode.IGNORED_KEY)).contains("lora_r");
  }

  @Test
  void programs_that_name_all_linear_layers_of_the_language_model_are_taken_at_their_word() {
    assertThat(values(run("grpo_x.py", "--use_peft true --freeze_vision_modules true --lora_r 8")))
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("frozen", List.of("towers", "projectors"));
    assertThat(values(run("train_x.py", "--lora_enable True --lora_r 128")))
        .containsEntry("method", "lora")
        .containsEntry("lora.targets", List.of("all-linear"));
    assertThat(values(run("train_x.py", "--lora_enable False --lora_r 128")))
        .containsEntry("method", "full");
  }

  @Test
  void a_length_that_is_a_parameter_of_a_function_is_open_or_that_of_the_tokenizer() {
    String program =
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments
        tokenizer = AutoTokenizer.from_pretrained("a/b"%s)
        def tokenized(row, limit):
            return tokenizer(row["text"], truncation=True, max_length=limit)
        model = AutoModelForCausalLM.from_pretrained("a/b")
        trainer = Trainer(model=model, args=TrainingArguments(per_device_train_batch_size=2))
        trainer.train()
        """;

    assertThat(values(of("t.py", program.formatted(", model_max_length=768"))))
        .containsEntry("batch.sequence_length", 768);
    assertThat(of("t.py", program.formatted("")).unreadable()).isEmpty();
  }

  @Test
  void adapters_of_representations_are_not_modelled() {
    Reading reading =
        of(
            "reft.py",
            """
            from transformers import AutoModelForCausalLM, TrainingArguments, Trainer
            model = AutoModelForCausalLM.from_pretrained("a/b")
            config = pyreft.ReftConfig(representations={"layer": 8})
            model = pyreft.get_reft_model(model, config)
            trainer = Trainer(model=model, args=TrainingArguments(max_steps=8))
            trainer.train()
            """);

    assertThat(reading.notModelled()).isPresent();
  }

  @Test
  void a_field_of_arguments_is_known_as_the_program_runs_and_is_no_model() {
    Reading reading =
        of(
            "t.py",
            """
            from trl import SFTTrainer, SFTConfig
            model = AutoModelForCausalLM.from_pretrained(model_args.name, torch_dtype=cfg.dtype)
            trainer = SFTTrainer(model=model, args=SFTConfig(max_length=8))
            trainer.train()
            """);

    assertThat(reading.unreadable().values())
        .isNotEmpty()
        .allSatisfy(
            error -> assertThat(error.toString()).contains("not known before the program runs"));
  }

  @Test
  void an_option_of_the_program_s_own_tells_what_it_trains() {
    Reading reading = run("own.py", "--finetune_type qlora --batch_size 4");
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4");
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("finetune_type");
    assertThat(values(run("own.py", "--method dora --lora_r 8"))).containsEntry("method", "dora");
    assertThat(values(run("own.py", "--train_type full --lora_r 8")))
        .containsEntry("method", "full");
    assertThat(values(run("own.py", "--use_peft false --train_type lora")))
        .containsEntry("method", "full");
  }

  @Test
  void a_deepspeed_file_under_a_name_of_its_own_says_how_a_job_is_spread() {
    assertThat(values(run("own.py", "--num_epochs 1 --deepspeed_config conf/zero_stage3.json")))
        .containsEntry("parallelism.strategy", "zero3");
    assertThat(values(run("own.py", "--num_epochs 1 --deepspeed --deepspeed_config ds_z2.json")))
        .containsEntry("parallelism.strategy", "zero2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"own.py --do_pred", "lab/gen_texts.py --max_length 8", "predict.py --k 8"})
  void a_command_that_uses_a_model_trains_nothing(String command) {
    assertThatThrownBy(() -> of("run.sh", "python " + command + " --model_name_or_path a/b"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no command with options that trains");
    assertThat(values(of("run.sh", "python " + command + " --model_name_or_path a/b --do_train")))
        .containsEntry("model.id", "a/b");
  }

  @Test
  void a_trainer_s_own_command_says_itself_that_it_predicts() {
    Reading reading =
        of(
            "run.sh",
            "llamafactory-cli train --model_name_or_path a/b --template t --do_predict true");

    assertThat(reading.format()).isEqualTo(FormatName.LLAMA_FACTORY);
    assertThat(reading.unreadable().toString()).contains("do_train is not on");
  }

  @Test
  void arguments_that_a_program_parses_have_the_defaults_of_its_own_class() {
    String program =
        """
        @dataclass
        class TrainingArguments(transformers.TrainingArguments):
            optim: str = field(default="paged_adamw_32bit")
            per_device_train_batch_size: int = field(default=3)
            gradient_accumulation_steps: int = 24
        parser = transformers.HfArgumentParser((ModelArguments, TrainingArguments))
        model_args, training_args = parser.parse_args_into_dataclasses()
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        Trainer(model=model, args=training_args).train()
        """;

    assertThat(values(of("tune.py", program)))
        .containsEntry("optimizer.name", "paged-adamw")
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.grad_accum", 24);
  }

  @Test
  void what_a_program_divides_by_its_processes_is_said_to_be_that_of_one() {
    String program =
        """
        world_size = int(os.environ.get("WORLD_SIZE", 1))
        steps = 16
        accum = max(1, 16 // (world_size * 2))
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        args = TrainingArguments("out", gradient_accumulation_steps=accum)
        Trainer(model=model, args=args).train()
        """;

    Reading divided = of("train.py", program);
    assertThat(values(divided)).containsEntry("batch.grad_accum", 8);
    assertThat(keys(divided, FindingCode.ASSUMED)).contains("batch.grad_accum");
    Reading same =
        of("train.py", program.replace("=accum", "=steps").replace("accum =", "other ="));
    assertThat(keys(same, FindingCode.ASSUMED)).doesNotContain("batch.grad_accum");
  }

  @Test
  void a_loop_of_ppo_that_a_program_steps_itself_is_not_modelled() {
    String program =
        """
        model = AutoModelForCausalLMWithValueHead.from_pretrained("gpt2")
        config = PPOConfig(batch_size=64, ppo_epochs=4)
        trainer = PPOTrainer(config, model, tokenizer=tokenizer, dataset=data)
        """;

    assertThat(of("train.py", program).notModelled()).isPresent();
    String late = "config = PPOConfig('out', num_ppo_epochs=4)\n";
    String loads = "model = AutoModelForCausalLM.from_pretrained('gpt2')\n";
    String runs = "trainer = PPOTrainer(args=config, model=model)\n";
    assertThat(of("train.py", late + loads + runs).notModelled()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!pip install trl==0.11.4\nmodel = load(name)\n",
        "model = AutoModelForCausalLMWithValueHead.from_pretrained(base)\n",
        "for batch in data:\n    trainer.step(queries, responses, scores)\n",
      })
  void ppo_of_early_releases_is_known_by_its_version_its_model_or_its_step(String sign) {
    String program =
        """
        base = AutoModelForCausalLM.from_pretrained("gpt2")
        base = get_peft_model(base, LoraConfig(r=16))
        trainer = PPOTrainer(PPOConfig(batch_size=64), base, None, tokenizer, dataset=data)
        """;

    assertThat(of("train.py", program).notModelled()).isEmpty();
    assertThat(of("train.py", sign + program).notModelled()).isPresent();
    assertThat(of("train.py", "# WithValueHead\n" + program).notModelled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "# accum = 16 // world_size; false",
        "accum_total = accum * world_size; false",
        "accum_steps = 16 // n_gpu; true",
        "accum //= accelerator.num_processes; true",
        "text = 'accum = 16 // world_size'; false",
        "accum = int(16 / int(os.environ['WORLD_SIZE'])); true",
      })
  void only_a_quotient_by_the_processes_is_said_to_be_divided(String line, boolean divides) {
    String program =
        """
        accum = 8
        ~
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        args = TrainingArguments("out", gradient_accumulation_steps=8)
        Trainer(model=model, args=args).train()
        """;

    assertThat(
            keys(of("train.py", program.replace("~", line)), FindingCode.ASSUMED)
                .contains("batch.grad_accum"))
        .isEqualTo(divides);
  }
}
