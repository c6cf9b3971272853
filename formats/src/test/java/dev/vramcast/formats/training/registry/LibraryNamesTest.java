package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
