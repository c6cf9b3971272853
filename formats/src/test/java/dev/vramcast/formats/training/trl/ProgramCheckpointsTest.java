package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

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
    String none = program.replace("model = " + call + ")", "model.gradient_checkpointing_enable()");
    assertThat(values(of("train.py", none)))
        .containsEntry("checkpointing", "full")
        .containsEntry("lora.kbit_prepare", false);
  }
}
