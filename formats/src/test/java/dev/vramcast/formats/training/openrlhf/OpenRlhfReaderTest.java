package dev.vramcast.formats.training.openrlhf;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenRlhfReaderTest {

  private static Reading with(String options) {
    return of("run.sh", "python3 -m openrlhf.cli.train_ppo_ray --pretrain a/b " + options);
  }

  @Test
  void options_with_dots_are_read_behind_the_command_that_ray_starts() {
    Reading reading = ofSample("openrlhf/grpo_ray.sh");

    assertThat(reading.format()).isEqualTo(FormatName.OPENRLHF);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-4B-Thinking-2507")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.001)
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("precision", "bf16")
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.padding", "packed")
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_reentrant", false)
        .containsEntry("hardware.count", 8)
        .containsEntry("generation.engine", "vllm-colocate")
        .containsEntry("generation.group_size", 8)
        .containsEntry("generation.steps_per_generation", 64)
        .containsEntry("generation.sleep", 2)
        .containsEntry("generation.offload_while_generating", List.of("optimizer"));
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void the_script_of_knowledge_distillation_is_the_module_under_its_older_name() {
    Reading reading =
        of(
            "run.sh",
            "deepspeed train_knowledge_distillation.py --pretrain a/b --teacher_model a/c"
                + " --micro_train_batch_size 2 --max_len 8");

    assertThat(reading.unreadable()).isEmpty();
    assertThat(values(reading))
        .containsEntry("objective.stage", "distillation")
        .containsEntry("objective.teacher", "a/c");
  }

  @Test
  void options_without_dots_are_read_from_the_text_that_a_script_keeps() {
    Reading reading = ofSample("openrlhf/dpo.sh");

    assertThat(values(reading))
        .containsEntry("model.id", "OpenRLHF/Llama-3-8b-sft-mixture")
        .containsEntry("objective.stage", "dpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.1)
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 32)
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("attention", "flash")
        .containsEntry("hardware.count", 8);
  }

  @Test
  void prompt_and_completion_are_the_length() {
    Reading reading = with("--prompt_max_len 1024 --generate_max_len 3072");

    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(4096);
  }

  @Test
  void engines_of_their_own_have_gpus_of_their_own() {
    Reading reading = with("--vllm_num_engines 4 --vllm_tensor_parallel_size 2");

    assertThat(values(reading))
        .containsEntry("generation.engine", "vllm-server")
        .containsEntry("generation.gpus", 8)
        .containsEntry("objective.stage", "ppo");
  }

  @Test
  void a_ring_asks_for_as_many_gpus_as_it_has() {
    Reading reading =
        of(
            "run.sh",
            "deepspeed --module openrlhf.cli.train_sft --pretrain a/b --ring_attn_size 4"
                + " --packing_samples --max_len 8");

    assertThat(value(reading, JobKey.CONTEXT)).isEqualTo(4);
    assertThat(value(reading, JobKey.GPU_COUNT)).isNull();
    assertThat(reading.findings()).noneMatch(found -> found.key().equals("hardware.count"));
  }

  @Test
  void a_weight_of_zero_is_no_reference() {
    assertThat(value(with("--init_kl_coef 0"), JobKey.REFERENCE)).isEqualTo("none");
  }

  @Test
  void a_critic_without_a_name_starts_from_the_first_model_that_scores() {
    Reading reading = with("--reward_pretrain a/r,a/s");

    assertThat(values(reading))
        .containsEntry("objective.reward_models", List.of("a/r", "a/s"))
        .containsEntry("objective.value_model", "a/r");
    assertThat(value(with("--reward_pretrain a/r --critic_pretrain a/c"), JobKey.VALUE_MODEL))
        .isEqualTo("a/c");
  }

  @Test
  void no_model_scores_where_a_server_or_a_function_does() {
    Reading reading = with("--reward_pretrain a/r --remote_rm_url http://localhost");

    assertThat(value(reading, JobKey.REWARD_MODELS)).isEqualTo(List.of());
    assertThat(value(reading, JobKey.VALUE_MODEL)).isNull();
  }

  @Test
  void an_estimator_without_a_stage_is_not_modelled() {
    assertThatThrownBy(() -> with("--advantage_estimator reinforce").under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("stage reinforce (which passes");
  }
}
