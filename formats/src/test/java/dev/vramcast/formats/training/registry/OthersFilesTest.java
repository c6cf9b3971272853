package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.api.Test;

/** Files that look like another format's, and values that look like none. */
class OthersFilesTest {

  @Test
  void a_program_of_ones_own_that_names_a_base_model_is_not_axolotls() {
    String own =
        """
        exp_name: first
        training_method: GRPO
        base_model: meta-llama/Llama-3.1-8B-Instruct
        lr: 3e-7
        total_length: 2048
        total_episodes: 7500
        per_device_train_batch_size: 8
        print_every: 10
        grpo: {G: 8, online: true}
        """;

    assertThatThrownBy(() -> of("own.yaml", own))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
    assertThat(values(of("short.yaml", "base_model: meta-llama/Llama-3.1-8B-Instruct\n")))
        .containsKey("model.id");
  }

  @Test
  void a_program_of_ones_own_that_quantises_by_bitsandbytes_words_is_not_axolotls() {
    String own =
        """
        base_model: Qwen/Qwen2.5-1.5B-Instruct
        datasets: [{path: a/b, type: completion}]
        load_in_4bit: true
        bnb_4bit_quant_type: nf4
        lora_r: 16
        sequence_len: 512
        num_epochs: 1
        ADAPTERgradient_accumulation_steps: 4
        """;

    assertThatThrownBy(() -> of("config.yaml", own.replace("ADAPTER", "")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bnb_4bit_quant_type is no key of Axolotl's")
        .hasMessageContaining("--as axolotl")
        .hasMessageNotContaining("sections");
    assertThat(values(of("config.yaml", own.replace("ADAPTER", "adapter: qlora\n"))))
        .containsEntry("method", "qlora");
  }

  @Test
  void a_flat_file_is_not_said_to_have_sections() {
    String own = "base_model: a/b\ndata_path: x\ngradient_accumulation_steps: 4\n";

    assertThatThrownBy(() -> of("config.yaml", own))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("arguments of the Trainer among keys of its own");
  }

  @Test
  void nothing_is_a_word_for_what_megatron_recomputes() {
    String command =
        "NPROC_PER_NODE=8 megatron sft --model Qwen/Qwen3-4B --micro_batch_size 2"
            + " --global_batch_size 64 --max_length 4096 --recompute_granularity ";

    assertThat(values(of("a.sh", command + "none"))).containsEntry("checkpointing", "none");
    assertThat(values(of("a.sh", command + "full"))).containsEntry("checkpointing", "full");
  }

  @Test
  void a_degree_of_one_is_not_said_to_be_left_out() {
    String command =
        "llamafactory-cli train --stage sft --do_train --model_name_or_path Qwen/Qwen3-4B"
            + " --template qwen --finetuning_type full --sequence_parallel_size ";

    assertThat(keys(of("a.sh", command + "1"), FindingCode.NOT_COUNTED))
        .doesNotContain("sequence_parallel_size");
    assertThat(keys(of("a.sh", command + "8"), FindingCode.NOT_COUNTED))
        .contains("sequence_parallel_size");
  }

  @Test
  void a_placeholder_is_a_value_that_the_user_fills_in() {
    String command =
        "deepspeed src/train.py --stage sft --do_train --template qwen --finetuning_type full"
            + " --model_name_or_path ";

    assertThat(of("a.sh", command + "[your SFT model path]").findings())
        .anyMatch(finding -> finding.message().toString().contains("filled in from outside"));
    String verl = "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b trainer.";
    assertThat(values(of("a.sh", verl + "nnodes=TO_BE_FILLED trainer.n_gpus_per_node=4")))
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_quantisation_that_no_call_is_handed_is_none() {
    String program =
        """
        bits = BitsAndBytesConfig(load_in_4bit=True)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B"HANDED)
        args = SFTConfig(output_dir="out", per_device_train_batch_size=2)
        trainer = SFTTrainer(model=model, args=args, peft_config=LoraConfig(r=8))
        """;

    assertThat(values(of("a.py", program.replace("HANDED", ", quantization_config=bits"))))
        .containsEntry("method", "qlora");
    assertThat(values(of("a.py", program.replace("HANDED", ""))))
        .containsEntry("method", "lora")
        .doesNotContainKey("model.quantization.scheme");
  }

  @Test
  void of_several_trainers_the_one_that_trains_counts() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained(ROOT / "models" / "Qwen2.5-7B")
        shown = SFTTrainer(model=model, args=SFTConfig(per_device_train_batch_size=1))
        trainer = SFTTrainer(model=model, args=SFTConfig(per_device_train_batch_size=2))
        config = SFTConfig(per_device_train_batch_size=4)
        trainer = SFTTrainer(model=model, args=config)
        trainer.train()
        """;

    assertThat(values(of("a.py", program)))
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("model.id", "/Qwen2.5-7B");
    assertThat(values(of("a.py", program + "shown.train()\n")))
        .containsEntry("batch.micro_batch", 1);
    assertThat(values(of("a.py", program.replace("trainer.train()", ""))))
        .containsEntry("batch.micro_batch", 1);
    String inside = program.replace("args=config)", "args=SFTConfig(max_length=64))");
    assertThat(values(of("a.py", inside)))
        .containsEntry("batch.sequence_length", 64)
        .doesNotContainKey("batch.micro_batch");
  }

  @Test
  void options_of_a_program_that_is_not_known_are_said_to_be_taken_so() {
    String options = " --model_name_or_path Qwen/Qwen2.5-7B --max_length 4096 --use_peft";

    assertThat(keys(of("a.sh", "torchrun own/train.py" + options), FindingCode.NOT_FOLLOWED))
        .contains("own/train.py");
    assertThat(keys(of("a.sh", "python trl/scripts/sft.py" + options), FindingCode.NOT_FOLLOWED))
        .noneMatch(key -> key.endsWith(".py"));
  }

  @Test
  void a_batch_that_nobody_gives_is_what_the_program_makes_of_it() {
    String program =
        """
        parser.add_argument("--batch", type=int, default=None)
        parser.add_argument("--group", type=int, default=4)
        args = parser.parse_args()
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        config = GRPOConfig(
            per_device_train_batch_size=(args.batch if args.batch else args.group * 4),
            num_generations=args.group)
        trainer = GRPOTrainer(model=model, args=config, reward_funcs=reward)
        """;

    assertThat(values(of("a.py", program)))
        .containsEntry("batch.micro_batch", 16)
        .containsEntry("generation.group_size", 4);
    assertThat(values(of("a.py", program.replace("default=None", "default=2"))))
        .containsEntry("batch.micro_batch", 2);
  }
}
