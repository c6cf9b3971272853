package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramCheckpointsTest {

  @Test
  void what_a_program_does_to_the_model_itself_holds_whatever_the_trainer_is_told() {
    String program =
        """
        bits = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", quantization_config=bits)
        model = prepare_model_for_kbit_training(model)
        model = get_peft_model(model, LoraConfig(r=8, target_modules=["q_proj", "v_proj"]))
        args = TrainingArguments(output_dir="out", per_device_train_batch_size=2)
        trainer = Trainer(model=model, args=args, train_dataset=data)
        """;
    String call = "prepare_model_for_kbit_training(model";

    assertThat(values(of("train.py", program)))
        .containsEntry("checkpointing", "full")
        .containsEntry("lora.kbit_prepare", true);
    String off = program.replace(call, call + ", use_gradient_checkpointing=False");
    assertThat(values(of("train.py", off)))
        .doesNotContainEntry("checkpointing", "full")
        .containsEntry("lora.kbit_prepare", true);
    String stored =
        program
            .replaceAll("bits = .*\n", "")
            .replace(", quantization_config=bits", "")
            .replace("Qwen/Qwen3-8B", "unsloth/Qwen3-8B-bnb-4bit");
    assertThat(values(of("train.py", stored))).containsEntry("checkpointing", "full");
    String none = program.replace("model = " + call + ")", "model.gradient_checkpointing_enable()");
    assertThat(values(of("train.py", none)))
        .containsEntry("checkpointing", "full")
        .containsEntry("lora.kbit_prepare", false);
  }

  @Test
  void arguments_of_the_trainer_keep_their_defaults_under_trl() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", torch_dtype=torch.float16)
        args = TrainingArguments(output_dir="out", per_device_train_batch_size=2)
        trainer = SFTTrainer(model=model, args=args, train_dataset=data, max_seq_length=256)
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("checkpointing", "none")
        .containsEntry("precision", "fp16");
    assertThat(values(of("train.py", program.replace("TrainingArguments", "SFTConfig"))))
        .doesNotContainKeys("checkpointing", "precision");
  }

  @Test
  void a_trainer_of_the_programs_own_is_said() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        args = DPOConfig(output_dir="out", beta=0.1)
        trainer = KindTrainer(model=model, args=args, train_dataset=data)
        """;

    assertThat(of("train.py", program).findings())
        .anyMatch(finding -> finding.message().toString().contains("KindTrainer is a class"));
    assertThat(of("train.py", program.replace("KindTrainer", "DPOTrainer")).findings())
        .noneMatch(finding -> finding.message().toString().contains("a class of its own"));
  }

  /** It is TRL that loads in float32, and the program that loads here. */
  @Test
  void a_program_that_loads_its_model_has_the_dtype_of_the_checkpoint() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", use_flash_attention_2=True)
        args = SFTConfig(output_dir="out", fp16=False, bf16=False, max_length=512)
        trainer = SFTTrainer(model=model, args=args, train_dataset=data)
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("model.dtype", "auto")
        .containsEntry("precision", "pure")
        .containsEntry("attention", "flash");
    assertThat(values(of("train.py", program.replace("bf16=False", "bf16=True"))))
        .containsEntry("model.dtype", "auto")
        .containsEntry("precision", "bf16-mixed");
    String name = program.replaceFirst("model = .*", "").replace("model=model", "model='a/b'");
    assertThat(values(of("train.py", name)))
        .doesNotContainKey("model.dtype")
        .containsEntry("precision", "fp32");
  }

  @Test
  void an_engine_on_a_device_of_its_own_is_not_beside_the_policy() {
    String yaml =
        "model_name_or_path: Qwen/Qwen2.5-7B\nuse_vllm: true\nvllm_device: 'cuda:3'\n"
            + "num_generations: 8\nmax_completion_length: 512\nper_device_train_batch_size: 8\n";

    assertThat(values(of("grpo.yaml", yaml))).containsEntry("generation.engine", "vllm-server");
    assertThat(values(of("grpo.yaml", yaml.replace("cuda:3", "cuda:0"))))
        .containsEntry("generation.engine", "vllm-colocate");
    assertThat(values(of("grpo.yaml", yaml + "vllm_mode: colocate\n")))
        .containsEntry("generation.engine", "vllm-colocate");
  }

  /** The Trainer hands its own way on only where it is asked to checkpoint (trainer.py). */
  @Test
  void the_way_of_checkpoints_is_that_of_the_call_that_asks_for_them() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        model.gradient_checkpointing_enable()
        how = {"use_reentrant": False}
        args = TrainingArguments(output_dir="out", gradient_checkpointing_kwargs=how)
        trainer = Trainer(model=model, args=args, train_dataset=data)
        """;
    String key = "checkpointing_reentrant";

    assertThat(values(of("train.py", program)))
        .containsEntry("checkpointing", "full")
        .doesNotContainKey(key);
    assertThat(values(of("train.py", program.replace("\"out\"", "o, gradient_checkpointing=True"))))
        .containsEntry(key, false);
    String called = "gradient_checkpointing_kwargs={\"use_reentrant\": False}";
    assertThat(
            values(
                of(
                    "train.py",
                    program
                        .replace(", gradient_checkpointing_kwargs=how", "")
                        .replace("_enable()", "_enable(" + called + ")"))))
        .containsEntry(key, false);
  }

  @Test
  void checkpoints_of_some_layers_are_counted_as_such() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        how = {"every_n_layers": 2}
        args = SFTConfig(gradient_checkpointing=True, gradient_checkpointing_kwargs=how)
        trainer = SFTTrainer(model=model, args=args, train_dataset=data)
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_every", 2);
    assertThat(values(of("train.py", program.replace("}", ", \"offload\": True}"))))
        .containsEntry("checkpointing", "offloaded")
        .containsEntry("checkpointing_every", 2);
  }

  @Test
  void a_trainer_that_is_derived_is_told_what_the_known_one_is_told() {
    String program =
        """
        class KindTrainer(SFTTrainer):
            pass
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        args = TrainingArguments(output_dir="out", per_device_train_batch_size=2)
        adapters = LoraConfig(r=24)
        trainer = KindTrainer(model=model, args=args, peft_config=adapters, max_seq_length=700)
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.sequence_length", 700);
    assertThat(of("train.py", program).findings())
        .anyMatch(finding -> finding.message().toString().contains("KindTrainer is a class"));
  }

  @Test
  void a_trainer_that_is_derived_elsewhere_or_in_two_steps_is_told_it_too() {
    String program =
        """
        %s
        args = GRPOConfig(num_generations=4, max_prompt_length=100, max_completion_length=200)
        trainer = FarTrainer(
            model="Qwen/Qwen3-8B", args=args, train_dataset=data, peft_config=LoraConfig(r=24))
        """;
    String near =
        """
        class BaseTrainer(Mixin, trl.GRPOTrainer):
            pass
        class FarTrainer(BaseTrainer):
            pass
        """;

    for (String from : List.of("from lab.trainers import FarTrainer", near)) {
      assertThat(values(of("train.py", program.formatted(from))))
          .containsEntry("model.id", "Qwen/Qwen3-8B")
          .containsEntry("objective.stage", "grpo")
          .containsEntry("lora.rank", 24);
      assertThat(of("train.py", program.formatted(from)).findings())
          .anyMatch(finding -> finding.message().toString().contains("FarTrainer is a class"));
    }
  }

  @Test
  void an_early_trainer_checkpoints_a_quantised_base_whatever_it_is_told() {
    String program =
        """
        bits = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
        model = AutoModelForCausalLM.from_pretrained("org/llama-2-7b", quantization_config=bits)
        args = TrainingArguments(output_dir="out", per_device_train_batch_size=4)
        trainer = SFTTrainer(model=model, args=args, peft_config=LoraConfig(r=64), max_seq_length=8)
        """;

    assertThat(values(of("train.py", "!pip install trl==0.4.7\n" + program)))
        .containsEntry("framework.version", "0.4.7")
        .containsEntry("checkpointing", "full");
    assertThat(values(of("train.py", "!pip install trl==0.7.4\n" + program)))
        .containsEntry("framework.version", "0.7.4")
        .containsEntry("checkpointing", "none");
    String own =
        program.replace("args = ", "model = get_peft_model(model, LoraConfig(r=64))\nargs = ");
    assertThat(values(of("train.py", "!pip install trl==0.4.7\n" + own)))
        .containsEntry("checkpointing", "none");
  }
}
