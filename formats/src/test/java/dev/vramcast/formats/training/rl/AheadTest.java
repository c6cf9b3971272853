package dev.vramcast.formats.training.rl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether completions are made while training runs, as each framework says it. */
class AheadTest {

  private static final String PRIME =
      "[model]\nname = \"a/b\"\n[orchestrator]\nbatch_size = 64\n[inference]\n"
          + "[deployment]\nnum_train_gpus = 2\nnum_infer_gpus = 2\n";
  private static final String NEMO =
      "cluster: {gpus_per_node: 8}\npolicy:\n  model_name: a/b\n  train_micro_batch_size: 1\n"
          + "  generation:\n    backend: vllm\n    colocated:\n      enabled: false\n"
          + "      resources: {gpus_per_node: 4}\n";
  private static final String OPENRLHF =
      "python3 -m openrlhf.cli.train_ppo_ray --pretrain a/b --vllm_num_engines 2"
          + " --vllm_tensor_parallel_size 2 ";
  private static final String VERL =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b"
          + " algorithm.adv_estimator=grpo trainer.n_gpus_per_node=4 ";

  @ParameterizedTest
  @CsvSource({
    "max_async_level = 0, false",
    "max_async_level = 2, true",
    "async_level = 0, false",
    "orchestrator.max_async_level = 0, false",
    "max_steps = 2, ",
  })
  void prime_rl_says_how_many_steps_inference_may_be_ahead(String line, Boolean ahead) {
    Reading reading = of("rl.toml", line + "\n" + PRIME);

    assertThat(value(reading, JobKey.ENGINE_AHEAD)).isEqualTo(ahead);
  }

  @ParameterizedTest
  @CsvSource({
    "--async_steps 0, false",
    "--async_steps 4, true",
    "--async_mode false, false",
    "--seed 1, ",
    "--single_gpu_mode --async_steps 4, ",
  })
  void open_instruct_says_it_by_steps_and_before_by_a_mode(String options, Boolean ahead) {
    Reading reading =
        of(
            "grpo.sh",
            "python open_instruct/grpo_fast.py --model_name_or_path a/b --vllm_num_engines 2 "
                + options);

    assertThat(value(reading, JobKey.ENGINE_AHEAD)).isEqualTo(ahead);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void nemo_rl_asks_for_its_asynchronous_loop(String enabled, boolean ahead) {
    Reading grpo = of("g.yaml", NEMO + "grpo:\n  async_grpo: {enabled: " + enabled + "}\n");

    assertThat(value(grpo, JobKey.ENGINE_AHEAD)).isEqualTo(ahead);
    assertThat(Readings.keys(grpo, FindingCode.UNKNOWN_KEY)).isEmpty();
  }

  @Test
  void a_single_controller_of_nemo_rl_is_said_not_to_be_counted() {
    Reading reading =
        of("g.yaml", NEMO + "grpo: {async_grpo: null}\nasync_rl:\n  max_inflight_prompts: 8\n");

    assertThat(value(reading, JobKey.ENGINE_AHEAD)).isNull();
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).contains("async_rl");
  }

  @ParameterizedTest
  @CsvSource({
    "--async_train, true, vllm-server",
    "--train.async_enable --colocate_all_models, true, vllm-server",
    "--colocate_all_models, , vllm-colocate",
    "--seed 1, , vllm-server",
  })
  void openrlhf_has_engines_apart_to_train_asynchronously(
      String options, Boolean ahead, String engine) {
    Reading reading = of("run.sh", OPENRLHF + options);

    assertThat(value(reading, JobKey.ENGINE_AHEAD)).isEqualTo(ahead);
    assertThat(value(reading, JobKey.ENGINE)).isEqualTo(engine);
  }

  @Test
  void ms_swift_generates_asynchronously_where_it_is_asked_to() {
    String run =
        "swift rlhf --rlhf_type grpo --model a/b --use_vllm true --vllm_mode server"
            + " --vllm_server_host h --async_generate ";

    assertThat(value(of("run.sh", run + "true"), JobKey.ENGINE_AHEAD)).isEqualTo(true);
    assertThat(value(of("run.sh", run + "false"), JobKey.ENGINE_AHEAD)).isEqualTo(false);
  }

  @Test
  void verl_is_one_step_off_with_nodes_of_its_own_and_says_where_it_is_anything_else() {
    Reading off = of("run.sh", VERL + "rollout.nnodes=1 rollout.n_gpus_per_node=4");
    Reading fully = of("run.sh", VERL + "rollout.nnodes=1 +async_training.staleness_threshold=0.1");
    Reading mode =
        of(
            "run.sh",
            VERL + "actor_rollout_ref.rollout.nnodes=1 trainer.v1.trainer_mode=separate_async");

    assertThat(value(off, JobKey.ENGINE_AHEAD)).isEqualTo(true);
    assertThat(value(fully, JobKey.ENGINE_AHEAD)).isNull();
    assertThat(value(mode, JobKey.ENGINE_AHEAD)).isNull();
    assertThat(Readings.keys(fully, FindingCode.NOT_COUNTED)).contains("async_training");
    assertThat(Readings.keys(mode, FindingCode.NOT_COUNTED)).contains("trainer.v1.trainer_mode");
    assertThat(value(of("run.sh", VERL), JobKey.ENGINE_AHEAD)).isNull();
  }

  @Test
  void a_server_is_known_by_its_address_where_no_mode_is_given() {
    String command =
        "swift rlhf --rlhf_type grpo --model Qwen/Qwen2.5-7B-Instruct --use_vllm true"
            + " --vllm_server_host 127.0.0.1 --num_generations 8 --max_length 512";

    assertThat(values(of("grpo.sh", command))).containsEntry("generation.engine", "vllm-server");
    assertThat(values(of("grpo.sh", command + " --vllm_mode colocate")))
        .containsEntry("generation.engine", "vllm-colocate");
  }
}
