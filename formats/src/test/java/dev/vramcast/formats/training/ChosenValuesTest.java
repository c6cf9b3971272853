package dev.vramcast.formats.training;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a branch of a program gives is read as what stands there is, and said. */
class ChosenValuesTest {

  private static final String TWO = "X = %s\nif g():\n    X = %s\n";

  /** Each with {@code X}, which a branch gives the second of two values. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a/b-1B' | 'c/d-2B' | model_name_or_path is c/d-2B"
            + " | SFTTrainer(model=X, args=SFTConfig(output_dir='o')).train()",
        "'a/b-1B' | 'c/d-2B' | model_name_or_path is c/d-2B"
            + " | GRPOTrainer(X, reward_funcs=r, args=GRPOConfig(output_dir='o')).train()",
        "'a/b' | 'c/d' | model_name_or_path is c/d"
            + " | model = AutoModelForCausalLM.from_pretrained(X)~TRAINS",
        "'1B' | '2B' | model_name_or_path is c/d-2B"
            + " | model = AutoModelForCausalLM.from_pretrained(f'c/d-{X}')~TRAINS",
        "'1B' | '2B' | model_name_or_path is c/d-2B"
            + " | def main(size):~    model = AutoModelForCausalLM.from_pretrained(f'c/d-{size}')~"
            + "    Trainer(model=model, args=TrainingArguments('o')).train()~main(X)",
        "'a' | 'c' | model_name_or_path is c/d"
            + " | model = AutoModelForCausalLM.from_pretrained(os.path.join(X, 'd'))~TRAINS",
        "'a' | 'c' | model_name_or_path is c/d"
            + " | model = AutoModelForCausalLM.from_pretrained(Path(X) / 'd')~TRAINS",
        "'a' | 'c/d' | model_name_or_path is c/d"
            + " | model = AutoModelForCausalLM.from_pretrained(Path(X))~TRAINS",
        "1 | 4 | per_device_train_batch_size is 8"
            + " | model = AutoModelForCausalLM.from_pretrained('a/b')~"
            + "Trainer(model, TrainingArguments('o', per_device_train_batch_size=2 * X)).train()",
        "1 | 4 | per_device_train_batch_size is 8"
            + " | model = AutoModelForCausalLM.from_pretrained('a/b')~X *= 2~"
            + "Trainer(model, TrainingArguments('o', per_device_train_batch_size=X)).train()",
        "False | True | load_in_4bit is true"
            + " | model = AutoModelForCausalLM.from_pretrained('a/b', load_in_4bit=X)~"
            + "model = prepare_model_for_kbit_training(model)~"
            + "model = get_peft_model(model, LoraConfig(r=4))~TRAINS",
        "True | False | autocast_adapter_dtype is false"
            + " | model = AutoModelForCausalLM.from_pretrained('a/b', torch_dtype=torch.bfloat16)~"
            + "model = get_peft_model(model, LoraConfig(r=4), autocast_adapter_dtype=X)~"
            + "Trainer(model=model, args=TrainingArguments('o', bf16=True)).train()",
        "False | True | is_trainable is true"
            + " | model = AutoModelForCausalLM.from_pretrained('a/b')~"
            + "model = PeftModel.from_pretrained(model, 'e/f', is_trainable=X)~TRAINS",
      })
  void a_value_that_a_branch_gives_is_taken_and_said(
      String one, String other, String said, String program) {
    String trains = "Trainer(model=model, args=TrainingArguments('o')).train()";
    String rest = program.replace("TRAINS", trains).replace('~', '\n');
    Reading reading = of("train.py", TWO.formatted(one, other) + rest + "\n");

    assertThat(reading.findings())
        .as(reading.document().toString())
        .anyMatch(found -> found.message().toString().contains(said + " if g ( ), which is"));
  }

  @Test
  void a_program_that_prepares_a_base_is_asked_whether_it_checkpoints() {
    String program =
        """
        bits = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", quantization_config=bits)
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=X)
        model = get_peft_model(model, LoraConfig(r=8))
        args = TrainingArguments(output_dir="out")
        trainer = Trainer(model=model, args=args, train_dataset=data)
        """;
    Reading off = of("train.py", TWO.formatted("True", "False") + program);
    Reading on = of("train.py", TWO.formatted("False", "True") + program);
    String again = program.replace("\"out\"", "\"out\", gradient_checkpointing=True");

    assertThat(values(off)).containsEntry("checkpointing", "none");
    assertThat(says(off, "gradient_checkpointing is false if g ( )")).isTrue();
    assertThat(values(on)).containsEntry("checkpointing", "full");
    assertThat(says(on, "gradient_checkpointing is true if g ( )")).isTrue();
    Reading both = of("train.py", TWO.formatted("True", "False") + again);
    assertThat(values(both)).containsEntry("checkpointing", "full");
    assertThat(says(both, "if g ( )")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SFTTrainer | return tokenizer(row['text'], truncation=True, max_length=X)",
        "SFTTrainer | return tokenizer(row, truncation=True, max_length=X, padding='max_length')",
        "Trainer | return tokenizer(row['text'], truncation=True, max_length=X)",
      })
  void rows_are_as_long_as_a_branch_cuts_them(String trainer, String cuts) {
    String program =
        """
        tokenizer = AutoTokenizer.from_pretrained("a/b")
        model = AutoModelForCausalLM.from_pretrained("a/b")
        def encode(row):
            CUTS
        data = data.map(encode)
        TRAINER(model=model, args=ARGS(output_dir="o"), train_dataset=data).train()
        """
            .replace("CUTS", cuts)
            .replace("ARGS", trainer.equals("Trainer") ? "TrainingArguments" : "SFTConfig")
            .replace("TRAINER", trainer);
    Reading reading = of("train.py", TWO.formatted("256", "4096") + program);

    assertThat(values(reading)).containsEntry("batch.sequence_length", 4096);
    assertThat(says(reading, "is 4096 if g ( ), which is assumed")).isTrue();
  }

  @Test
  void a_tokenizer_is_loaded_with_the_limit_of_a_branch() {
    String program =
        """
        tokenizer = AutoTokenizer.from_pretrained("a/b", model_max_length=X)
        model = AutoModelForCausalLM.from_pretrained("a/b")
        data = data.map(lambda row: tokenizer(row["text"], truncation=True))
        Trainer(model=model, args=TrainingArguments("o"), train_dataset=data).train()
        """;
    Reading reading = of("train.py", TWO.formatted("256", "4096") + program);

    assertThat(values(reading)).containsEntry("batch.sequence_length", 4096);
    assertThat(says(reading, "is 4096 if g ( ), which is assumed")).isTrue();
  }

  @Test
  void what_a_condition_is_called_makes_no_adapters() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("a/b")
        config = LoraConfig(r=4)
        X = 1
        if kind == "lora":
            X = 2
        args = TrainingArguments("o", per_device_train_batch_size=X)
        Trainer(model=model, args=args).train()
        """;

    assertThat(values(of("train.py", program))).containsEntry("method", "full");
  }

  private static boolean says(Reading reading, String text) {
    return reading.findings().stream().anyMatch(it -> it.message().toString().contains(text));
  }
}
