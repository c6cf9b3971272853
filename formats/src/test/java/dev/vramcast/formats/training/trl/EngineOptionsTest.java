package dev.vramcast.formats.training.trl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that are told a stage of DeepSpeed's by an option, and of no file. */
class EngineOptionsTest {

  private static final String CHAT =
      "deepspeed --num_gpus 4 main.py --deepspeed --model_name_or_path facebook/opt-1.3b"
          + " --per_device_train_batch_size 3 --max_seq_len 700 --gradient_accumulation_steps 2"
          + " --gradient_checkpointing --zero_stage 3 ";

  private static Map<String, Object> values(String command) {
    return Readings.values(Readings.of("run.sh", command + "\n"));
  }

  @Test
  void a_stage_and_what_the_host_keeps_are_read_from_options() {
    assertThat(values(CHAT + "--offload"))
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("parallelism.offload", List.of("optimizer", "parameters"))
        .containsEntry("model.dtype", "fp16")
        .containsEntry("method", "full")
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.sequence_length", 700)
        .containsEntry("checkpointing", "full")
        .containsEntry("hardware.count", 4);
    assertThat(Readings.of("run.sh", CHAT + "\n").document().text(JobKey.FRAMEWORK_NAME))
        .contains("deepspeed");
  }

  @Test
  void adapters_are_trained_alone_where_that_is_said() {
    assertThat(values(CHAT + "--lora_dim 24 --only_optimize_lora --dtype bf16"))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .containsEntry("model.dtype", "bf16");
    assertThat(values(CHAT + "--lora_dim 24")).containsEntry("method", "full");
  }

  @ParameterizedTest
  @CsvSource({"none,", "optimizer, optimizer", "parameter, parameters"})
  void a_module_of_safe_rlhf_names_what_the_host_keeps(String said, String kept) {
    assertThat(
            values(
                "deepspeed --module safe_rlhf.finetune --model_name_or_path huggyllama/llama-7b"
                    + " --max_length 512 --epochs 3 --bf16 True --zero_stage 3 --offload "
                    + said))
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("batch.sequence_length", 512)
        .matches(
            values ->
                kept == null
                    ? !values.containsKey("parallelism.offload")
                    : values.get("parallelism.offload").equals(List.of(kept)));
  }

  @Test
  void rows_that_a_program_fills_up_are_as_long_as_it_says() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        rows = ConstantLengthDataset(tokenizer, data, infinite=True, seq_length=1536)
        trainer = SFTTrainer(
            model=model, args=TrainingArguments(output_dir="o"), train_dataset=rows,
            max_seq_length=None)
        """;
    assertThat(Readings.values(Readings.of("train.py", program)))
        .containsEntry("batch.sequence_length", 1536)
        .containsEntry("batch.padding", "packed");
  }
}
