package dev.vramcast.formats.training.trl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
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

  private static final JobDocument NONE = JobDocument.empty();

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
  }

  @Test
  void adapters_beside_embeddings_norms_and_head_have_no_figure() {
    assertThatThrownBy(() -> Readings.of("r.sh", CHAT + "--lora_dim 24").under(NONE))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("lora_dim without only_optimize_lora")
        .hasMessageContaining("lora_module_name");
    assertThat(values(CHAT + "--lora_dim 0")).containsEntry("method", "full");
  }

  @ParameterizedTest
  @CsvSource({
    "step1_supervised_finetuning/main.py, --num_padding_at_beginning 1",
    "training/step2_reward_model_finetuning/main.py, --seed 3"
  })
  void the_reward_model_of_deepspeed_chat_is_no_language_model(String program, String option) {
    String command = CHAT.replace("main.py", program) + option;
    assertThatThrownBy(() -> Readings.of("r.sh", command).under(NONE))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("reward model");
  }

  @ParameterizedTest
  @CsvSource({
    "'', fp16",
    "--dtype fp32, fp32",
    "--dtype FP16, fp16",
    "--fp16 False --bf16 False, fp32",
    "--bf16 False, fp32",
    "--fp16 False --bf16 True, bf16"
  })
  void weights_have_the_type_that_options_leave(String said, String dtype) {
    assertThat(values(CHAT + said)).containsEntry("model.dtype", dtype);
  }

  @Test
  void a_place_that_nobody_names_for_what_the_host_keeps_is_no_word_of_it() {
    Reading reading = Readings.of("run.sh", CHAT + "--offload cpu\n");
    assertThat(reading.unreadable()).containsKey(JobKey.OFFLOAD);
    assertThatThrownBy(() -> reading.under(NONE))
        .hasMessageContaining("offload")
        .hasMessageContaining("cpu")
        .hasMessageContaining("parameter, optimizer or all");
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
