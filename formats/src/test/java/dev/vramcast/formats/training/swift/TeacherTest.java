package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Distillation of ms-swift. */
class TeacherTest {

  @ParameterizedTest
  @CsvSource({
    "--lmbda 0, none, 64",
    "'', transformers, 64",
    "--lmbda 1 --max_completion_length 36, transformers, 100",
    "--use_vllm true --vllm_mode server, vllm-server, 64",
  })
  void a_student_answers_where_it_is_not_told_to_learn_from_data_alone(
      String more, String engine, int length) {
    Reading reading =
        of(
            "run.sh",
            "swift rlhf --rlhf_type gkd --model a/b --teacher_model c/d --max_length 64 " + more);

    assertThat(values(reading))
        .containsEntry("objective.stage", "distillation")
        .containsEntry("objective.teacher", "c/d")
        .containsEntry("batch.sequence_length", length);
    assertThat(value(reading, JobKey.ENGINE)).hasToString(engine);
    assertThat(reading.notModelled()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--teacher_model a/b",
        "--teacher_model c/d --sft_alpha 0.1",
        "--teacher_model c/d --teacher_deepspeed zero3_offload",
        "--teacher_model c/d --gkd_logits_topk 64",
      })
  void a_teacher_that_is_no_model_beside_the_student_is_not_modelled(String more) {
    Reading reading = of("run.sh", "swift rlhf --rlhf_type gkd --model a/b " + more);

    assertThat(reading.notModelled()).isPresent();
  }
}
