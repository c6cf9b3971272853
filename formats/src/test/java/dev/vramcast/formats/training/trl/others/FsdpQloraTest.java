package dev.vramcast.formats.training.trl.others;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void it_starts_a_process_for_each_card_itself() {
    Reading reading =
        of(
            "run.sh",
            "CUDA_VISIBLE_DEVICES=0,1 python train.py --model_name a/b --train_type qlora"
                + " --context_length 1024\n");

    assertThat(values(reading)).containsEntry("hardware.count", 2);
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).doesNotContain("CUDA_VISIBLE_DEVICES");
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

  @ParameterizedTest
  @CsvSource({"hybrid_full_shard,", "hybrid_shard_grad_op, false"})
  void a_hybrid_strategy_keeps_a_copy_on_each_machine(String strategy, String reshards) {
    String options = "--train_type qlora --sharding_strategy " + strategy;
    Reading alone = run(options);

    assertThat(values(alone))
        .containsEntry("parallelism.strategy", "fsdp1")
        .doesNotContainKey("parallelism.replicate");
    assertThat(keys(alone, FindingCode.NOT_COUNTED)).contains("sharding_strategy");
    Reading several =
        of(
            "run.sh",
            "export SLURM_NNODES=2 SLURM_GPUS_PER_NODE=8\n"
                + "python train.py --world_size 16 --model_name a/b --context_length 64 "
                + options);
    assertThat(values(several)).containsEntry("parallelism.replicate", 2);
    assertThat(String.valueOf(values(several).get("parallelism.reshard_after_forward")))
        .isEqualTo(String.valueOf(reshards));
    assertThat(keys(several, FindingCode.NOT_COUNTED)).doesNotContain("sharding_strategy");
  }

  @Test
  void a_strategy_that_it_does_not_have_is_said() {
    assertThat(
            keys(
                run("--train_type qlora --sharding_strategy hybrid"), FindingCode.UNREADABLE_VALUE))
        .containsExactly("parallelism.strategy");
  }

  @Test
  void older_names_of_ddp_and_an_end_of_epochs_are_read() {
    Reading reading = run("--train_type qlora --use_ddp True --max_steps 10");

    assertThat(values(reading)).containsEntry("parallelism.strategy", "ddp");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("max_steps");
    Reading endless = run("--train_type qlora --use_ddp False --max_steps -1");
    assertThat(values(endless)).containsEntry("parallelism.strategy", "fsdp1");
    assertThat(keys(endless, FindingCode.NOT_COUNTED)).doesNotContain("max_steps");
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
