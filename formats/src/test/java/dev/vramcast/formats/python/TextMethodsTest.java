package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs look up by a text, and the configurations that they never use. */
class TextMethodsTest {

  private static String program(String dtype) {
    return """
    import os, torch
    from trl import SFTTrainer, SFTConfig
    TYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}
    NAME = "float16"
    DTYPE = %s
    model = AutoModelForCausalLM.from_pretrained("a/b", torch_dtype=DTYPE)
    SFTTrainer(model=model, args=SFTConfig()).train()
    """
        .formatted(dtype);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TYPES.get(NAME, torch.bfloat16) | fp16",
        "TYPES.get('float64', torch.bfloat16) | bf16",
        "TYPES.get(os.environ.get('KIND', ' BFloat16 ').strip().lower()) | bf16",
        "TYPES[os.environ.get('KIND', 'BFLOAT16').lower()] | bf16",
        "getattr(torch, NAME) | fp16",
      })
  void a_dtype_is_looked_up_by_a_text_that_is_known(String expression, String dtype) {
    assertThat(values(of("a.py", program(expression)))).containsEntry("model.dtype", dtype);
  }

  @Test
  void a_text_that_nobody_knows_looks_up_nothing() {
    assertThat(of("a.py", program("TYPES[os.environ.get('KIND').lower()]")).unreadable())
        .containsKey(JobKey.MODEL_DTYPE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "None | ['auto', None] | auto",
        "\"float16\" | ['auto', None] | fp16",
        "\"auto\" | ('auto', None) | auto",
      })
  void what_a_list_holds_decides_a_condition(String value, String list, String dtype) {
    String program =
        """
        import torch
        from transformers import AutoModelForCausalLM
        from trl import SFTTrainer, SFTConfig

        TYPE = %s
        kind = TYPE if TYPE in %s else getattr(torch, TYPE)
        model = AutoModelForCausalLM.from_pretrained("a/b", torch_dtype=kind)
        SFTTrainer(model=model, args=SFTConfig()).train()
        """
            .formatted(value, list);

    assertThat(values(of("a.py", program))).containsEntry("model.dtype", dtype);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"base\" in NAME | 8", "\"chat\" in NAME | 4", "\"chat\" not in NAME | 8"})
  void what_a_name_has_in_it_decides_a_condition(String condition, int batch) {
    String program =
        """
        from trl import SFTTrainer, SFTConfig

        NAME = "a/b-base"
        size = 8 if %s else 4
        SFTTrainer(model=NAME, args=SFTConfig(per_device_train_batch_size=size)).train()
        """
            .formatted(condition);

    assertThat(values(of("a.py", program))).containsEntry("batch.micro_batch", batch);
  }

  @Test
  void what_a_class_method_takes_of_its_class_is_the_default_of_the_field() {
    String program =
        """
        from trl import SFTTrainer, SFTConfig

        class Settings:
            batch: int = 6

            @classmethod
            def made(cls):
                return SFTConfig(per_device_train_batch_size=cls.batch)

        SFTTrainer(model="a/b", args=Settings.made()).train()
        """;

    assertThat(values(of("a.py", program))).containsEntry("batch.micro_batch", 6);
  }

  @Test
  void outside_of_a_class_no_argument_is_what_a_name_takes_of_its_class() {
    String program =
        """
        import argparse
        from trl import SFTTrainer, SFTConfig

        def made(cls):
            return SFTConfig(per_device_train_batch_size=cls.batch)

        parser = argparse.ArgumentParser()
        parser.add_argument("--batch", type=int, default=6)
        SFTTrainer(model="a/b", args=made(Other)).train()
        """;

    assertThat(of("a.py", program).unreadable()).containsKey(JobKey.MICRO_BATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "None if small else | LoraConfig(r=16)",
        "( # of all | LoraConfig(r=16)",
      })
  void a_configuration_that_a_row_above_goes_on_with_is_used(String above, String made) {
    String program =
        """
        from peft import LoraConfig, get_peft_model
        from trl import SFTTrainer, SFTConfig

        tried = LoraConfig(r=4)
        chosen = (%s
            # the usual one
            %s
        )
        SFTTrainer(model="a/b", args=SFTConfig(), peft_config=chosen).train()
        """
            .formatted(above, made);

    assertThat(values(of("a.py", program))).containsEntry("lora.rank", 16);
  }

  @Test
  void adapters_that_a_program_only_tries_are_not_those_that_it_trains() {
    String program =
        """
        from peft import LoraConfig
        from trl import SFTTrainer, SFTConfig

        def adapters():
            try:
                tried = LoraConfig(use_dora=True, r=4, target_modules=["q_proj"])
                LoraConfig(use_rslora=True, r=2)
            except TypeError:
                pass
            return LoraConfig(r=16, target_modules="all-linear")

        SFTTrainer(model="a/b", args=SFTConfig(), peft_config=adapters()).train()
        """;

    assertThat(values(of("a.py", program)))
        .containsEntry("lora.rank", 16)
        .containsEntry("method", "lora");
    assertThat(values(of("a.py", program.replace("pass", "return tried"))))
        .containsEntry("lora.rank", 4);
  }

  @Test
  void a_model_that_an_object_holds_beside_the_one_that_is_trained_is_said() {
    String program =
        """
        class Demo:
            def load(self):
                self.base = AutoModelForCausalLM.from_pretrained("a/b")

            def train(self):
                model = AutoModelForCausalLM.from_pretrained("a/b")
                Trainer(model=model, args=TrainingArguments()).train()
        """;

    assertThat(of("a.py", program).findings())
        .extracting(Object::toString)
        .anyMatch(found -> found.contains("is loaded beside the model that is trained"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "print(1) | false",
        "judge = Judge() | true",
        "class Other(Judge): pass | false",
        "Other()%nclass Other(Judge): pass | true"
      })
  void a_model_of_an_object_that_nobody_makes_is_not_in_memory(String line, boolean said) {
    String program =
        """
        class Judge:
            def __init__(self):
                self.judge = AutoModelForCausalLM.from_pretrained("c/d")

        %s
        model = AutoModelForCausalLM.from_pretrained("a/b")
        Trainer(model=model, args=TrainingArguments()).train()
        """
            .formatted(line.replace("%n", "\n"));

    assertThat(of("a.py", program).findings())
        .extracting(Object::toString)
        .filteredOn(found -> found.contains("is loaded beside the model that is trained"))
        .hasSize(said ? 1 : 0);
  }
}
