package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RunPlan;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DistillationTest {

  private static final Map<String, Object> STUDENT = config(2);
  private static final Map<String, Object> TEACHER = config(6);

  @Test
  void the_teacher_runs_behind_the_student_whose_head_waits_for_it() {
    RunPlan plan = RunPlan.of(job("--micro-batch 4 --completion-length 100"));

    assertThat(((Episode.Load) plan.episodes().get(0)).models())
        .containsExactly(ResidentModel.POLICY, ResidentModel.TEACHER);
    assertThat(plan.step().passes())
        .extracting(Pass::model)
        .containsExactly(ResidentModel.POLICY, ResidentModel.TEACHER);
    assertThat(plan.step().passes())
        .extracting(Pass::head)
        .containsExactly(
            new PassHead.Divergence(StageHead.TILES, 400, 0), new PassHead.HiddenStates(400));
  }

  @Test
  void a_teacher_runs_first_where_its_logits_are_copied_and_compared_whole() {
    RunPlan plan = RunPlan.of(job(TEACHER, "--framework nemo-automodel"));

    assertThat(plan.step().passes())
        .extracting(Pass::head)
        .containsExactly(
            new PassHead.Compared(StageHead.FORWARD_KL, 511),
            new PassHead.Divergence(StageHead.FORWARD_KL, 511, 0));
  }

  @Test
  void losses_of_whole_logits_have_trainers_of_their_own() {
    RunPlan plan = RunPlan.of(job("--micro-batch 1 --loss-type gkd --completion-length 100"));

    assertThat(plan.step().passes())
        .extracting(Pass::head)
        .containsExactly(
            new PassHead.Divergence(StageHead.GENERALIZED, 100, 0.5),
            new PassHead.Compared(StageHead.GENERALIZED, 100));
  }

  @Test
  void prompts_are_compared_too_since_trl_1_7() {
    assertThat(peak("--loss-type gold --completion-length 8 --framework-version 1.7.0"))
        .isGreaterThan(peak("--loss-type gold --completion-length 8 --framework-version 1.6.0"));
  }

  @Test
  void a_framework_without_such_a_trainer_does_not_model_its_loss() {
    assertThat(job(TEACHER, "--framework ms-swift --loss-type gold").notModelled())
        .extracting(Gap::toString)
        .containsExactly("objective.loss_type gold");
  }

  @Test
  void ms_swifts_only_distillation_is_the_same_by_its_name() {
    ResolvedJob named = job(TEACHER, "--framework ms-swift --loss-type gkd");

    assertThat(named.notModelled()).isEmpty();
    assertThat(RunPlan.of(named).step())
        .isEqualTo(RunPlan.of(job(TEACHER, "--framework ms-swift")).step());
  }

  @Test
  void whole_logits_of_another_vocabulary_are_not_modelled() {
    assertThat(job(config(2, 2048), "--framework ms-swift").notModelled())
        .extracting(Gap::toString)
        .containsExactly("objective.teacher of another vocabulary");
  }

  @Test
  void the_teacher_is_there_all_the_time_in_its_own_dtype() {
    long parameters = Tensors.count(read(TEACHER));

    assertThat(peak("--teacher-dtype fp32") - peak("--teacher-dtype bf16"))
        .isGreaterThanOrEqualTo(2 * parameters);
  }

  /** accelerator.prepare_model with evaluation_mode divides nothing. */
  @Test
  void fsdp_does_not_divide_a_teacher_of_whole_logits() {
    String divided = "--loss-type gkd --strategy fsdp2 --count 4 --teacher-dtype ";

    assertThat(peak(divided + "fp32") - peak(divided + "bf16"))
        .isGreaterThanOrEqualTo(2 * Tensors.count(read(TEACHER)));
  }

  /** prepare_deepspeed casts a teacher as DeepSpeed's engine does the student. */
  @Test
  void deepspeed_casts_a_teacher() {
    String zero = "--loss-type gkd --strategy zero1 --count 4 --precision bf16 --teacher-dtype ";

    assertThat(peak(zero + "fp32")).isEqualTo(peak(zero + "bf16"));
  }

  @Test
  void a_trl_without_a_trainer_of_it_is_not_modelled() {
    assertThat(job("--framework-version 1.12.0").notModelled())
        .anyMatch(reason -> reason.toString().startsWith("objective.stage distillation"));
  }

  @Test
  void a_name_alone_says_nothing_of_the_teachers_size() {
    ResolvedJob job =
        Jobs.resolve("--framework trl --stage distillation --sequence-length 8 --teacher a/b")
            .job();

    assertThat(job.notModelled())
        .extracting(Gap::toString)
        .containsExactly("objective.teacher a/b");
  }

  private static long peak(String flags) {
    return MemoryEstimator.estimate(read(STUDENT), job(flags), Optional.empty())
        .worst()
        .allocatedBytes();
  }

  private static ResolvedJob job(String flags) {
    return job(TEACHER, "--framework trl " + flags);
  }

  private static ResolvedJob job(Map<String, Object> teacher, String flags) {
    JobDocument usual =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .with(JobKey.MODEL_CONFIG, STUDENT, Place.of("test"))
            .with(JobKey.TEACHER, teacher, Place.of("test"));
    String all = "--stage distillation --method full --engine none " + flags;
    return JobResolver.resolve(Jobs.with(usual, all)).job();
  }

  private static Architecture read(Map<String, Object> config) {
    return Families.read(new ModelConfig("config.json", config));
  }

  private static Map<String, Object> config(int layers) {
    return config(layers, 1024);
  }

  private static Map<String, Object> config(int layers, int words) {
    return Map.of(
        "model_type",
        "llama",
        "hidden_size",
        256,
        "intermediate_size",
        512,
        "num_hidden_layers",
        layers,
        "num_attention_heads",
        4,
        "vocab_size",
        words);
  }
}
