package dev.vramcast.formats.training.llamarecipes;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LlamaRecipesCommandTest {

  private static final String ONE = "python -m llama_recipes.finetuning --model_name a/b ";

  private static Reading reading(String options) {
    return of("run.sh", ONE + options + "\n");
  }

  @Test
  void its_options_are_the_fields_of_its_settings() {
    Reading reading = ofSample("llamarecipes/fsdp.sh");

    assertThat(reading.findings()).noneMatch(found -> found.code() == FindingCode.UNKNOWN_KEY);
    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("llama-recipes");
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Meta-Llama-3.1-8B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("precision", "bf16")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("parallelism.strategy", "fsdp1")
        .containsEntry("hardware.count", 4)
        .containsEntry("data.epochs", 3L);
  }

  @Test
  void a_quantisation_without_a_word_is_of_8_bits_and_of_4_bits_is_fp4() {
    assertThat(values(reading("--use_peft --batch_size_training 1 --quantization")))
        .containsEntry("model.quantization.scheme", "int8");
    assertThat(values(reading("--use_peft --batch_size_training 1 --quantization 4bit")))
        .containsEntry("model.quantization.scheme", "fp4");
    assertThat(
            values(
                reading("--use_peft --batch_size_training 1 --quantization 4bit --quant_type nf4")))
        .containsEntry("model.quantization.scheme", "nf4");
    assertThat(reading("--batch_size_training 1 --quantization 3bit").unreadable())
        .containsKey(JobKey.QUANTIZATION_SCHEME);
    assertThat(reading("--use_peft --enable_fsdp --quantization 8bit").findings())
        .anyMatch(found -> found.code() == FindingCode.REFUSED);
  }

  @Test
  void it_trains_whole_models_without_use_peft() {
    assertThat(values(reading("--batch_size_training 1"))).containsEntry("method", "full");
    assertThat(reading("--batch_size_training 1 --use_peft --peft_method prefix").notModelled())
        .isPresent();
  }

  @Test
  void padded_texts_are_cut_by_nothing_which_is_said() {
    Reading padded = reading("--batch_size_training 1 --batching_strategy padding");
    assertThat(keys(padded, FindingCode.ASSUMED)).contains("batching_strategy");
  }

  @Test
  void how_fsdp_shards_is_read() {
    String start = "torchrun --nproc_per_node 8 finetuning.py --model_name a/b ";

    assertThat(
            values(
                of(
                    "run.sh",
                    start
                        + "--enable_fsdp --sharding_strategy SHARD_GRAD_OP --fsdp_cpu_offload"
                        + " --fsdp_activation_checkpointing False\n")))
        .containsEntry("parallelism.reshard_after_forward", false)
        .containsEntry("checkpointing", "none")
        .containsKey("parallelism.offload");
    assertThat(of("run.sh", start + "--enable_fsdp --sharding_strategy half\n").unreadable())
        .containsKey(JobKey.STRATEGY);
    assertThat(of("run.sh", start + "--batch_size_training 1\n").findings())
        .anyMatch(found -> found.code() == FindingCode.CONTRADICTION);
  }

  @Test
  void a_program_of_another_name_has_two_of_its_options() {
    assertThat(
            of("run.sh", "python train.py --model_name a/b --batch_size_training 2 --enable_fsdp\n")
                .document()
                .text(JobKey.FRAMEWORK_NAME))
        .contains("llama-recipes");
    assertThat(
            of("run.sh", "python train.py --model_name a/b --enable_fsdp --max_length 64\n")
                .document()
                .text(JobKey.FRAMEWORK_NAME))
        .isNotEqualTo(Optional.of("llama-recipes"));
  }
}
