package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

/** What of a program's own classes and arguments its trainer never hears of. */
class LoadedByNameTest {

  private static final String NAMED =
      """
      from trl import GRPOConfig, GRPOTrainer, ModelConfig, get_peft_config
      said = ModelConfig(
          model_name_or_path="a/b", torch_dtype="float16", use_peft=True, lora_r=4,
          load_in_4bit=True)
      args = GRPOConfig(per_device_train_batch_size=2, num_generations=2)
      tokenizer = AutoTokenizer.from_pretrained("a/b")
      trainer = GRPOTrainer(
          model=said.model_name_or_path, args=args, peft_config=get_peft_config(said))
      trainer.train()
      """;

  private static final String OWN =
      """
      from transformers import Trainer, TrainingArguments, AutoModelForCausalLM
      class SFTTrainer(Trainer):
          def compute_loss(self, model, inputs):
              return model(**inputs).loss
      model = AutoModelForCausalLM.from_pretrained("a/b", dtype="bfloat16")
      args = TrainingArguments(per_device_train_batch_size=2, bf16=True)
      SFTTrainer(model=model, args=args).train()
      """;

  @Test
  void what_a_model_config_says_of_loading_does_nothing_where_the_trainer_has_its_name() {
    Reading reading = of("a.py", NAMED);

    assertThat(value(reading, JobKey.METHOD)).isEqualTo("lora");
    assertThat(value(reading, JobKey.LORA_RANK)).hasToString("4");
    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isNull();
    assertThat(value(reading, JobKey.MODEL_DTYPE)).isNull();
    assertThat(reading.findings())
        .anyMatch(
            found ->
                found.code() == FindingCode.IGNORED_KEY
                    && found.key().equals("ModelConfig.load_in_4bit"));
  }

  @Test
  void it_counts_where_the_arguments_are_told_of_it() {
    String told =
        NAMED.replace("trainer = ", "args.model_init_kwargs = {'dtype': said.dtype}\ntrainer = ");

    assertThat(value(of("a.py", told), JobKey.METHOD)).isEqualTo("qlora");
  }

  @Test
  void a_supervised_trainer_of_the_programs_own_over_the_trainer_is_that() {
    Reading reading = of("a.py", OWN);

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isNull();
    assertThat(reading.findings())
        .anyMatch(
            found ->
                found.message().toString().contains("derived from the Trainer: it is counted"));
  }

  @Test
  void rows_are_not_as_long_as_what_a_model_is_asked() {
    String asks =
        OWN.replace("SFTTrainer", "OwnTrainer")
            .replace(
                "model =",
                """
                def ask(prompt):
                    inputs = tokenizer(
                        prompt, return_tensors="pt", truncation=True, max_length=400)
                    return model.generate(**inputs)
                def rows(batch):
                    return tokenizer(batch["text"], truncation=True, max_length=512)
                model =""");

    assertThat(value(of("a.py", asks), JobKey.SEQUENCE_LENGTH)).hasToString("512");
  }
}
