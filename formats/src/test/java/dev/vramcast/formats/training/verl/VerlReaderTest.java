package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerlReaderTest {

  private static Reading with(String... values) {
    return of(
        "run.sh",
        "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b "
            + String.join(" ", values));
  }

  @Test
  void a_file_that_is_put_together_of_others_is_said_to_be() {
    Reading reading =
        of(
            "ppo_trainer.yaml",
            "defaults:\n  - actor@actor_rollout_ref.actor: dp_actor\n  - _self_\n"
                + "actor_rollout_ref:\n  model: {path: a/b}\n");

    assertThat(keys(reading, FindingCode.ASSUMED)).contains("defaults");
  }

  @Test
  void lengths_that_are_null_are_said_to_be_open() {
    Reading reading =
        with("data.max_prompt_length=null data.max_response_length=null data.train_batch_size=8");

    assertThat(keys(reading, FindingCode.ASSUMED))
        .contains("objective.prompt_length", "objective.completion_length");
    assertThat(keys(with("data.max_prompt_length=64"), FindingCode.ASSUMED))
        .doesNotContain("objective.prompt_length", "objective.completion_length");
  }

  @Test
  void an_engine_that_is_not_described_is_said() {
    assertThat(with("model_engine=veomni").notModelled()).isPresent();
    assertThat(with("actor_rollout_ref.actor.strategy=torchtitan").notModelled()).isPresent();
    assertThat(with("model_engine=fsdp2").notModelled()).isEmpty();
  }

  @Test
  void a_teacher_beside_what_is_trained_is_not_modelled() {
    assertThat(with("distillation.enabled=True").notModelled()).isPresent();
    assertThat(with("distillation.enabled=False").notModelled()).isEmpty();
  }

  @Test
  void values_behind_a_command_are_read_with_arrays_and_variables_of_the_script() {
    Reading reading = ofSample("verl/grpo.sh");

    assertThat(reading.format()).isEqualTo(FormatName.VERL);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("method", "full")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.001)
        .containsEntry("objective.prompt_length", 1024)
        .containsEntry("objective.completion_length", 3072)
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2)
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("batch.padding", "packed")
        .containsEntry("checkpointing", "full")
        .containsEntry("generation.engine", "vllm-colocate")
        .containsEntry("generation.group_size", 8)
        .containsEntry("generation.steps_per_generation", 64)
        .containsEntry("generation.memory_fraction", 0.6)
        .containsEntry("generation.tensor", 2)
        .containsEntry("generation.sleep", 2)
        .containsEntry("generation.offload_while_generating", List.of("optimizer"));
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_value_has_the_line_of_the_script_that_it_stands_in() {
    Reading reading = ofSample("verl/grpo.sh");

    assertThat(reading.document().place(JobKey.MICRO_BATCH).orElseThrow().text())
        .startsWith("grpo.sh:35");
  }

  /** As of verl's run_seed_oss_36b.sh: eight prompts with two completions on eight GPUs. */
  @Test
  void a_micro_batch_by_tokens_has_no_more_sequences_than_an_update() {
    Reading reading =
        of(
            "run.sh",
            "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-7B"
                + " algorithm.adv_estimator=grpo data.train_batch_size=64"
                + " data.max_prompt_length=512 data.max_response_length=1024"
                + " actor_rollout_ref.actor.use_dynamic_bsz=True actor_rollout_ref.rollout.n=2"
                + " actor_rollout_ref.actor.ppo_mini_batch_size=8 trainer.n_gpus_per_node=8");

    assertThat(values(reading))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 1);
  }

  /** As of verl's examples/sft/vlm/run_qwen3_vl_2b.sh. */
  @Test
  void the_supervised_trainer_over_engines_has_no_figure_of_another() {
    Reading reading =
        of(
            "run.sh",
            "torchrun --nproc-per-node=8 -m verl.trainer.sft_trainer data.max_length=2048"
                + " model.path=Qwen/Qwen3-8B engine=fsdp engine.strategy=fsdp2");

    assertThat(values(reading)).containsEntry("model.id", "Qwen/Qwen3-8B");
    assertThat(reading.notModelled()).isPresent();
  }

  /** As of Search-R1's train_grpo.sh. */
  @Test
  void agents_of_a_prompt_are_its_group() {
    Reading reading =
        of(
            "run.sh",
            "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-3B"
                + " algorithm.adv_estimator=grpo data.train_batch_size=512"
                + " actor_rollout_ref.actor.ppo_mini_batch_size=256"
                + " actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=8"
                + " actor_rollout_ref.rollout.n_agent=5 trainer.n_gpus_per_node=8");

    assertThat(values(reading))
        .containsEntry("generation.group_size", 5)
        .containsEntry("generation.steps_per_generation", 40)
        .containsEntry("batch.grad_accum", 4);
  }

  @Test
  void megatron_is_known_by_the_name_of_the_configuration() {
    Reading reading = ofSample("verl/ppo_megatron.sh");

    assertThat(values(reading))
        .containsEntry("objective.stage", "ppo")
        .containsEntry("objective.value_model", "deepseek-ai/deepseek-llm-7b-chat")
        .containsEntry("objective.reference", "none")
        .containsEntry("parallelism.strategy", "megatron")
        .containsEntry("parallelism.tensor", 4)
        .containsEntry("parallelism.pipeline", 2)
        .containsEntry("generation.engine", "sglang-colocate");
  }

  @Test
  void an_engine_that_no_job_has_is_not_modelled_and_one_to_be_filled_in_is_said() {
    String command =
        "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-7B"
            + " actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1"
            + " actor_rollout_ref.rollout.name=";

    assertThat(of("run.sh", command + "trtllm").notModelled()).isPresent();
    assertThat(of("run.sh", command + "???").unreadable().get(JobKey.ENGINE).sentence().toString())
        .contains("filled in from outside");
  }

  @Test
  void a_vision_tower_is_frozen_with_what_leads_from_it() {
    Reading reading =
        of(
            "run.sh",
            "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-VL-7B"
                + " actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1"
                + " actor_rollout_ref.actor.freeze_vision_tower=True");

    assertThat(values(reading)).containsEntry("frozen", List.of("towers", "projectors"));
  }

  @Test
  void filled_micro_batches_are_as_many_as_interleaved_stages_take() {
    String command =
        "python3 -m verl.trainer.main_ppo --config-name=ppo_megatron_trainer"
            + " actor_rollout_ref.model.path=a/b algorithm.adv_estimator=grpo"
            + " trainer.n_gpus_per_node=2 data.max_prompt_length=512"
            + " data.max_response_length=512 actor_rollout_ref.actor.ppo_mini_batch_size=5"
            + " actor_rollout_ref.rollout.n=1 actor_rollout_ref.actor.use_dynamic_bsz=True"
            + " actor_rollout_ref.actor.ppo_max_token_len_per_gpu=1024"
            + " actor_rollout_ref.actor.megatron.pipeline_model_parallel_size=2";

    assertThat(values(of("run.sh", command))).containsEntry("batch.grad_accum", 5);
    String interleaved = " actor_rollout_ref.actor.megatron.virtual_pipeline_model_parallel_size=2";
    assertThat(values(of("run.sh", command + interleaved))).containsEntry("batch.grad_accum", 6);
  }

  @Test
  void megatron_recomputes_and_offloads_what_its_own_settings_say() {
    String command =
        "python3 -m verl.trainer.main_ppo --config-name=ppo_megatron_trainer"
            + " actor_rollout_ref.model.path=Qwen/Qwen3-30B-A3B"
            + " actor_rollout_ref.model.enable_gradient_checkpointing=True"
            + " actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1"
            + " actor_rollout_ref.actor.megatron.tensor_model_parallel_size=4"
            + " actor_rollout_ref.actor.megatron.sequence_parallel=False";
    String transformer = " +actor_rollout_ref.actor.megatron.override_transformer_config.";
    String optimizer = " +actor_rollout_ref.actor.optim.override_optimizer_config.";

    assertThat(values(of("run.sh", command)))
        .doesNotContainKeys("checkpointing", "parallelism.sequence_parallel");
    assertThat(
            values(
                of(
                    "run.sh",
                    command
                        + transformer
                        + "recompute_granularity=full"
                        + transformer
                        + "recompute_num_layers=1"
                        + optimizer
                        + "optimizer_cpu_offload=True"
                        + optimizer
                        + "optimizer_offload_fraction=1")))
        .containsEntry("checkpointing", "full")
        .containsEntry("parallelism.offload", List.of("optimizer"));
    assertThat(values(of("run.sh", command + optimizer + "optimizer_cpu_offload=True")))
        .doesNotContainKey("parallelism.offload");
  }

  @ParameterizedTest
  @CsvSource({
    "actor_rollout_ref.actor.optim.exp_avg_dtype, bf16, true",
    "+actor_rollout_ref.actor.optim.override_optimizer_config.main_grads_dtype, bf16, true",
    "critic.optim.exp_avg_sq_dtype, fp8, true",
    "actor_rollout_ref.actor.optim.exp_avg_dtype, fp32, false"
  })
  void states_in_another_dtype_are_said_to_be_counted_in_fp32(
      String key, String dtype, boolean said) {
    String command =
        "python3 -m verl.trainer.main_ppo --config-name=ppo_megatron_trainer"
            + " actor_rollout_ref.model.path=Qwen/Qwen3-8B ";

    assertThat(keys(of("run.sh", command + key + "=" + dtype), FindingCode.NOT_COUNTED))
        .satisfies(
            found -> assertThat(found.contains(key.replaceFirst("^[+]", ""))).isEqualTo(said));
  }

  @Test
  void references_are_followed_and_tokens_of_a_micro_batch_are_sequences() {
    Reading reading = ofSample("verl/dapo.yaml");

    assertThat(values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 32)
        .containsEntry("objective.reference", "adapter-off")
        .containsEntry("parallelism.context", 4)
        .containsEntry("parallelism.shard", 4)
        .containsEntry("parallelism.replicate", 2)
        .containsEntry("batch.micro_batch", 8)
        .containsEntry("generation.sleep", 1)
        .containsEntry("generation.max_model_length", 10_240);
    assertThat(Readings.keys(reading, FindingCode.ASSUMED)).contains("batch.micro_batch");
  }

  @Test
  void estimators_without_a_critic_are_steps_of_grpo() {
    Reading reading = ofSample("verl/remax.sh");

    assertThat(values(reading))
        .containsEntry("model.id", "/Qwen2.5-3B-Instruct")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("hardware.count", 4)
        .containsEntry("batch.micro_batch", 8);
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).contains("algorithm.adv_estimator");
    assertThat(Readings.keys(reading, FindingCode.ASSUMED)).contains("trainer.nnodes");
  }

  @Test
  void the_supervised_trainer_pads_to_the_full_length_on_torchruns_processes() {
    Reading reading = ofSample("verl/sft.sh");

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("verl-sft");
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-1.5B-Instruct")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.alpha", 32L)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("parallelism.strategy", "fsdp1")
        .containsEntry("hardware.count", 4)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("data.epochs", 2L);
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_sequence_of_the_supervised_trainer_is_divided_without_padding() {
    Reading reading =
        of(
            "run.sh",
            "torchrun --nproc_per_node=8 -m verl.trainer.fsdp_sft_trainer"
                + " model.partial_pretrain=Qwen/Qwen2.5-0.5B data.micro_batch_size_per_gpu=4"
                + " ulysses_sequence_parallel_size=2 use_remove_padding=true");

    assertThat(values(reading))
        .containsEntry("parallelism.context", 2)
        .containsEntry("batch.padding", "packed")
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("method", "full");
  }

  @Test
  void a_micro_batch_of_all_processes_is_of_the_supervised_trainer_that_knew_fsdp1_alone() {
    Reading reading =
        of(
            "run.sh",
            "torchrun --nproc_per_node=4 -m verl.trainer.fsdp_sft_trainer"
                + " model.partial_pretrain=Qwen/Qwen2.5-0.5B data.micro_batch_size=16"
                + " data.train_batch_size=64");

    assertThat(values(reading))
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("parallelism.strategy", "fsdp1");
    assertThat(Readings.keys(reading, FindingCode.ASSUMED)).contains("data.micro_batch_size");
  }

  @Test
  void a_whole_configuration_without_a_strategy_is_of_that_trainer_too() {
    Reading reading =
        of(
            "sft_trainer.yaml",
            """
            data: {train_batch_size: 128, micro_batch_size_per_gpu: 2, max_length: 4096}
            model:
              partial_pretrain: Qwen/Qwen2.5-0.5B
              fsdp_config: {wrap_policy: {min_num_params: 0}, cpu_offload: false}
              enable_gradient_checkpointing: false
            trainer: {total_epochs: 1}
            """);

    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "fsdp1")
        .containsEntry("checkpointing", "none")
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void without_an_estimator_it_is_ppo() {
    assertThat(value(with("data.max_prompt_length=8"), JobKey.STAGE)).isEqualTo("ppo");
  }

  @Test
  void an_estimator_without_a_stage_is_not_modelled_until_the_user_names_one() {
    Reading reading = with("algorithm.adv_estimator=reinforce");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .extracting(refusal -> ((UnsupportedJobException) refusal).notice().toString())
        .asString()
        .startsWith("run.sh:1")
        .contains("stage reinforce (which passes");
    assertThat(reading.under(JobDocument.empty().withFlag(JobKey.STAGE, "grpo")).has(JobKey.STAGE))
        .isTrue();
  }

  @Test
  void a_fraction_beyond_one_is_refused_with_its_line() {
    Reading reading = with("\\\n  actor_rollout_ref.rollout.gpu_memory_utilization=60");

    assertThatThrownBy(() -> JobResolver.resolve(reading.under(JobDocument.empty())))
        .hasMessageContaining("run.sh:2:3, actor_rollout_ref.rollout.gpu_memory_utilization")
        .hasMessageContaining("60");
  }

  @Test
  void a_misspelt_key_is_said() {
    assertThat(
            Readings.keys(
                with("actor_rollout_ref.rollout.gpu_memory_utilisation=0.5"),
                FindingCode.MISSPELT_KEY))
        .containsExactly("actor_rollout_ref.rollout.gpu_memory_utilisation");
  }
}
