package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantisers and adapters that a program makes somewhere, and hands on as None. */
class NotHandedTest {

  private static Map<String, Object> read(String quantiser, String adapters) {
    String program =
        """
        four = False
        lora = False
        def bits():
            return BitsAndBytesConfig(load_in_4bit=True)
        def lora_config():
            return LoraConfig(r=24)
        model = AutoModelForCausalLM.from_pretrained(
            "Qwen/Qwen3-4B", dtype="bfloat16", quantization_config=%s)
        args = SFTConfig(max_length=512)
        trainer = SFTTrainer(model=model, args=args, peft_config=%s)
        trainer.train()
        """;
    return values(of("train.py", program.formatted(quantiser, adapters)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"None", "None if not four else bits()", "bits() if four else None"})
  void a_base_that_is_handed_no_quantiser_is_not_quantised(String quantiser) {
    assertThat(read(quantiser, "lora_config()"))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .doesNotContainKey("model.quantization.scheme");
    assertThat(read(quantiser.replace("four", "not four"), "lora_config()"))
        .containsEntry("method", quantiser.equals("None") ? "lora" : "qlora");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"None", "None if not lora else lora_config()", "lora_config() if lora else None"})
  void a_trainer_that_is_handed_no_adapters_trains_in_full(String adapters) {
    assertThat(read("None", adapters))
        .containsEntry("method", "full")
        .doesNotContainKey("lora.rank");
  }

  @ParameterizedTest
  @CsvSource({
    "bf16=True, bf16",
    "fp16=True, fp16",
    "seed=1, fp32",
    "'fp16=False, bf16=True', bf16",
  })
  void what_a_program_asks_of_arguments_that_it_makes_is_theirs(String told, String dtype) {
    String program =
        """
        args = TrainingArguments("out", %s)
        kind = torch.float16 if args.fp16 else (torch.bfloat16 if args.bf16 else torch.float32)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B", torch_dtype=kind)
        Trainer(model=model, args=args).train()
        """;
    assertThat(values(of("train.py", program.formatted(told)))).containsEntry("model.dtype", dtype);
    String open = program.formatted(told + ", **more");
    assertThat(values(of("train.py", open))).containsEntry("model.dtype", "fp16");
  }

  @ParameterizedTest
  @CsvSource({"--bf16 True, bf16", "--fp16, fp16", "--seed 1, fp32"})
  void what_it_asks_of_parsed_arguments_is_what_its_command_says(String told, String dtype) {
    String program =
        """
        @dataclass
        class OwnTrainingArguments(transformers.TrainingArguments):
            model_max_length: int = field(default=512)
        parser = HfArgumentParser((ModelArguments, OwnTrainingArguments))
        model_args, training_args = parser.parse_args_into_dataclasses()
        kind = (torch.float16 if training_args.fp16
                else (torch.bfloat16 if training_args.bf16 else torch.float32))
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B", torch_dtype=kind)
        Trainer(model=model, args=training_args).train()
        """;
    String script = "python train.py --per_device_train_batch_size 2 --output_dir out " + told;
    assertThat(LoadedAsTest.dtype(script + "\n", "train.py", program)).isEqualTo(dtype);
  }
}
