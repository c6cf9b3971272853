package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

/** What a program does where the GPU can do it, among what is not known. */
class BetterGpuTest {

  private static String program(String condition) {
    return """
        def train(kind):
            if %s:
                dtype = torch.bfloat16
                rank = 32
            elif kind == "half":
                dtype = torch.float16
            else:
                dtype = torch.float32
                rank = 8
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", torch_dtype=dtype)
            model = get_peft_model(model, LoraConfig(r=rank))
            Trainer(model=model, args=TrainingArguments("out")).train()
        train(kind())
        """
        .formatted(condition);
  }

  @Test
  void the_first_branch_counts_that_asks_what_the_gpu_can_and_is_said() {
    Reading reading = of("train.py", program("kind == 'best' and torch.cuda.is_bf16_supported()"));

    assertThat(values(reading)).containsEntry("model.dtype", "bf16").containsEntry("lora.rank", 32);
    assertThat(reading.findings())
        .anySatisfy(
            finding -> assertThat(finding.notice().toString()).contains("is_bf16_supported"));
  }

  @Test
  void what_comes_behind_the_branches_is_over_them() {
    String program =
        program("kind == 'best' and torch.cuda.is_bf16_supported()")
            .replace("    model = Auto", "    dtype = torch.float16\n    model = Auto");

    assertThat(values(of("train.py", program))).containsEntry("model.dtype", "fp16");
  }

  @Test
  void another_condition_that_is_not_known_leaves_the_last_value() {
    assertThat(values(of("train.py", program("kind == 'best'"))))
        .containsEntry("model.dtype", "fp32");
  }
}
