package dev.vramcast.formats.training.trl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that say part by part what of a model with images is trained. */
class VisionSwitchesTest {

  private static Reading reading(String options) {
    return Readings.of(
        "run.sh",
        "torchrun --nproc_per_node 2 src/train/tune.py --model_id Qwen/Qwen2.5-VL-3B-Instruct"
            + " --per_device_train_batch_size 2 --gradient_accumulation_steps 8 --bf16 True"
            + " --gradient_checkpointing True --image_max_pixels 1003520 "
            + options
            + "\n");
  }

  @Test
  void adapters_on_the_language_model_leave_the_tower_as_it_is() {
    Reading reading =
        reading(
            "--lora_enable True --lora_rank 24 --freeze_vision_tower True"
                + " --freeze_merger True --freeze_llm True");

    assertThat(reading.notModelled()).isEmpty();
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-VL-3B-Instruct")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("frozen", List.of("towers", "projectors"))
        .containsEntry("checkpointing_reentrant", true)
        .containsEntry("hardware.count", 2);
  }

  @Test
  void kernels_of_liger_do_not_make_another_loss_than_the_program_has() {
    assertThat(
            Readings.values(
                reading(
                    "--freeze_merger True --use_liger True --beta 0.1"
                        + " --disable_flash_attn2 False")))
        .containsEntry("objective.stage", "dpo")
        .containsEntry("loss", "full")
        .containsEntry("attention", "flash")
        .containsKey("liger_kernels");
  }

  @Test
  void a_full_fine_tune_leaves_out_what_is_frozen() {
    assertThat(Readings.values(reading("--freeze_vision_tower True --freeze_merger False")))
        .containsEntry("method", "full")
        .containsEntry("frozen", List.of("towers"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--lora_enable True --freeze_vision_tower False",
        "--lora_enable True --freeze_vision_tower True --freeze_merger False",
        "--freeze_llm True --freeze_vision_tower False",
        "--freeze_backbone --tune_mlp_adapter"
      })
  void parts_that_are_trained_whole_beside_frozen_ones_have_no_figure(String options) {
    assertThatThrownBy(() -> reading(options).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void one_argument_of_the_trainer_is_enough_beside_them() {
    Reading reading =
        Readings.of(
            "run.sh",
            "deepspeed src/train/train_sft.py --model_id Qwen/Qwen2.5-VL-3B-Instruct"
                + " --per_device_train_batch_size 4 --bf16 True --freeze_vision_tower True\n");
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-VL-3B-Instruct")
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("frozen", List.of("towers"));
  }

  @Test
  void switches_that_are_read_are_not_said_to_be_unknown() {
    Reading reading =
        reading(
            "--freeze_vision_tower True --freeze_merger False --freeze_llm False"
                + " --disable_flash_attn2 True --dpo true");
    assertThat(Readings.keys(reading, FindingCode.UNKNOWN_KEY)).isEmpty();
    Place.Line stage = Readings.line(reading, JobKey.STAGE);
    assertThat(stage.key()).isEqualTo("dpo");
    assertThat(stage.line()).isEqualTo(1);
  }
}
