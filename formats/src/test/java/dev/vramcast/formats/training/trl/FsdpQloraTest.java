package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class FsdpQloraTest {

  private static Reading run(String options) {
    return of(
        "run.sh",
        "export CUDA_VISIBLE_DEVICES=0,1\npython train.py --world_size 2 --model_name a/b"
            + " --batch_size 4 --context_length 1024 "
            + options
            + "\n");
  }

  @Test
  void its_command_is_read_by_its_own_names() {
    Reading reading =
        run(
            "--train_type qlora --precision bf16 --use_cpu_offload false"
                + " --use_gradient_checkpointing true --reentrant_checkpointing true");

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("fsdp_qlora");
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("precision", "bf16")
        .containsEntry("parallelism.strategy", "fsdp1")
        .containsEntry("checkpointing_reentrant", true)
        .containsEntry("hardware.count", 2)
        .doesNotContainKey("parallelism.offload");
  }

  @Test
  void it_offloads_to_the_host_unless_it_is_told_otherwise() {
    assertThat(values(run("--train_type custom_lora")))
        .containsEntry("method", "lora")
        .containsEntry("parallelism.offload", List.of("parameters", "optimizer"));
    assertThat(values(run("--train_type full --sharding_strategy ddp")))
        .containsEntry("method", "full")
        .containsEntry("parallelism.strategy", "ddp")
        .doesNotContainKey("parallelism.offload");
  }

  @Test
  void quantisers_that_nobody_describes_have_no_figure() {
    assertThat(run("--train_type hqq_lora").notModelled()).isPresent();
    assertThat(run("--train_type bnb_llama_pro").notModelled()).isPresent();
    assertThat(values(run("--train_type bnb_dora")))
        .containsEntry("method", "dora")
        .containsEntry("model.quantization.scheme", "nf4");
  }
}
