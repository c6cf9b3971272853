package dev.vramcast.formats.training.imports;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that a program names before it makes something of them. */
class ImportedClassesTest {

  private static final String TRAINS =
      """
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
      model = get_peft_model(model, LoraConfig(r=32, lora_alpha=64, lora_dropout=0.1))
      args = TrainingArguments("out", per_device_train_batch_size=4, optim="adamw_8bit")
      Trainer(model=model, args=args).train()
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from peft import (LoraConfig, get_peft_model)\n",
        "from peft import (\n    LoraConfig,\n    get_peft_model,\n)\n",
        "from transformers import (TrainingArguments, Trainer)\n",
        "known = inspect.signature(LoraConfig).parameters\n",
        "names = fields(TrainingArguments)\nhasattr(LoraConfig, 'use_dora')\n",
      })
  void a_class_that_is_only_named_is_made_nothing_of(String named) {
    assertThat(values(of("train.py", named + TRAINS)))
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.alpha", 64L)
        .containsEntry("lora.dropout", 0.1)
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("optimizer.name", "adamw-8bit");
  }

  @Test
  void adapters_that_are_imported_and_handed_to_nothing_are_none() {
    String program =
        """
        from peft import (LoraConfig, get_peft_model)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        config = LoraConfig(r=32)
        Trainer(model=model, args=TrainingArguments("out")).train()
        """;

    assertThat(values(of("train.py", program))).containsEntry("method", "full");
  }

  @Test
  void a_function_that_a_class_is_handed_makes_it() {
    String program =
        """
        from transformers import (TrainingArguments, Trainer)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        args = build(TrainingArguments, per_device_train_batch_size=4)
        Trainer(model=model, args=args).train()
        """;

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 4);
  }
}
