package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which classes of a program are a library's, whatever the program calls them. */
class LibraryNamesTest {

  private static final String OWN =
      """
      from dataclasses import dataclass
      from transformers import AutoModelForCausalLM
      from trl import %s
      @dataclass
      class GRPOConfig%s:
          per_device_train_batch_size: int = 64
          num_generations: int = 4
      config = GRPOConfig()
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", dtype="bfloat16")
      args = Told(per_device_train_batch_size=2, max_completion_length=128,
                  num_generations=config.num_generations)
      trainer = Loop(model=model, args=args)
      trainer.train()
      """;

  @ParameterizedTest
  @ValueSource(strings = {"", "()", "(object)", "(BaseModel)"})
  void a_class_of_settings_that_is_called_as_one_is_the_program_s(String bases) {
    assertThat(values(of("a.py", OWN.formatted("GRPOConfig as Told, GRPOTrainer as Loop", bases))))
        .containsEntry("objective.stage", "grpo")
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("generation.group_size", 4)
        .containsEntry("objective.completion_length", 128);
  }

  @Test
  void names_in_brackets_over_lines_are_followed() {
    String names = "(\n    GRPOConfig as Told,  # of TRL\n    GRPOTrainer as Loop,\n)";
    assertThat(values(of("a.py", OWN.formatted(names, ""))))
        .containsEntry("objective.stage", "grpo")
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void a_trainer_under_another_name_trains() {
    assertThat(
            values(
                of(
                    "a.py",
                    """
                    from transformers import TrainingArguments, AutoModelForCausalLM as Models
                    from trl import DPOTrainer as Pairs, DPOConfig as Wanted
                    from peft import LoraConfig as Adapters
                    model = Models.from_pretrained("Qwen/Qwen2.5-7B")
                    Pairs(model=model, args=Wanted(per_device_train_batch_size=3),
                          peft_config=Adapters(r=24)).train()
                    """)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("objective.stage", "dpo")
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("lora.rank", 24);
  }

  @Test
  void settings_of_adapters_that_a_program_declares_are_not_peft_s() {
    assertThat(
            values(
                of(
                    "a.py",
                    """
                    import peft
                    from transformers import AutoModelForCausalLM
                    from trl import SFTConfig, SFTTrainer
                    class LoraConfig:
                        rank = 48
                    own = LoraConfig()
                    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                    told = peft.LoraConfig(r=own.rank)
                    SFTTrainer(model=model, args=SFTConfig(), peft_config=told).train()
                    """)))
        .containsEntry("lora.rank", 48);
  }

  @Test
  void a_class_that_is_derived_from_a_library_s_stays_one() {
    assertThat(
            values(
                of(
                    "a.py",
                    """
                    import trl
                    from transformers import AutoModelForCausalLM
                    class SFTConfig(trl.SFTConfig):
                        extra: int = 1
                    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                    args = SFTConfig(per_device_train_batch_size=5)
                    trl.SFTTrainer(model=model, args=args).train()
                    """)))
        .containsEntry("batch.micro_batch", 5);
  }

  private static final String TUNED =
      """
      from transformers import AutoModelForCausalLM
      from trl import SFTConfig, SFTTrainer
      %s
      %s
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", dtype="bfloat16")
      %s
      SFTTrainer(model=model, args=SFTConfig(per_device_train_batch_size=3)).train()
      """;

  @ParameterizedTest
  @CsvSource({
    "VeraConfig as VC, 'model = get_peft_model(model, VC(r=64))', vera",
    "LoraConfig as LC, 'model = get_peft_model(model, LC(r=64))', lora",
    "PeftModel as PM, 'model = PM.from_pretrained(model, \"x/lora\", is_trainable=True)', lora"
  })
  void adapters_under_another_name_are_adapters(String name, String made, String method) {
    String imports = "from peft import get_peft_model, " + name;
    assertThat(values(of("a.py", TUNED.formatted(imports, "", made))))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", method);
  }

  @Test
  void the_trainer_and_models_of_transformers_are_followed() {
    assertThat(
            values(
                of(
                    "a.py",
                    """
                    from transformers import AutoModelForCausalLM as M, TrainingArguments as TA
                    from transformers import Trainer as TR
                    model = M.from_pretrained("Qwen/Qwen2.5-7B")
                    TR(model=model, args=TA(per_device_train_batch_size=3, bf16=True)).train()
                    """)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  void unsloth_s_models_are_followed() {
    assertThat(
            values(
                of(
                    "a.py",
                    """
                    from unsloth import FastLanguageModel as F
                    from trl import SFTConfig, SFTTrainer
                    model, t = F.from_pretrained("unsloth/Qwen2.5-7B", load_in_4bit=True)
                    model = F.get_peft_model(model, r=24)
                    SFTTrainer(model=model, args=SFTConfig()).train()
                    """)))
        .containsEntry("model.id", "unsloth/Qwen2.5-7B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 24);
  }

  @Test
  void a_name_that_is_given_what_it_made_is_that_where_it_is_not_called() {
    String imports = "from transformers import BitsAndBytesConfig as quantization_config";
    String program =
        TUNED
            .formatted(
                imports,
                "quantization_config = quantization_config(load_in_4bit=True)",
                "model = get_peft_model(model, LoraConfig(r=8))")
            .replace("dtype=\"bfloat16\"", "quantization_config=quantization_config");
    assertThat(values(of("a.py", program))).containsEntry("method", "qlora");
  }

  @Test
  void a_class_of_a_class_of_the_program_s_own_is_its_own() {
    String own =
        "class Base:\n    pass\nclass LoraConfig(Base):\n    rank = 48\nown = LoraConfig()";
    String made = "model = get_peft_model(model, peft.LoraConfig(r=own.rank))";
    assertThat(values(of("a.py", TUNED.formatted("import peft", own, made))))
        .containsEntry("lora.rank", 48);
  }

  @Test
  void the_first_of_two_imports_by_one_name_is_the_one_that_is_wanted() {
    String imports =
        """
        try:
            from trl import SFTConfig as Told
        except ImportError:
            from transformers import TrainingArguments as Told
        """;
    assertThat(
            values(
                of(
                    "a.py",
                    TUNED.formatted(imports, "", "").replace("args=SFTConfig(", "args=Told("))))
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  @Timeout(10)
  void blanks_behind_a_base_take_no_time() {
    String declared = "class GRPOConfig(object" + " ".repeat(390) + "!):\n    pass\n";
    assertThat(values(of("a.py", TUNED.formatted("", declared.repeat(500), ""))))
        .containsEntry("batch.micro_batch", 3);
  }
}
