package dev.vramcast.formats.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers that are whole ones each, and are none when they are multiplied. */
class LargeNumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VERL | trainer: {nnodes: 2000000000, n_gpus_per_node: 8}"
            + "~actor_rollout_ref: {model: {path: a/b}, rollout: {n: 2000000000,"
            + " n_agent: 1000000, name: vllm}, actor: {ppo_mini_batch_size: 2000000000}}"
            + "~data: {train_batch_size: 2000000000}~algorithm: {adv_estimator: grpo}",
        "NEMO_RL | policy: {model_name: a/b, dtensor_cfg: {enabled: true,"
            + " tensor_parallel_size: 65536, context_parallel_size: 65536},"
            + " train_global_batch_size: 64, train_micro_batch_size: 1}"
            + "~grpo: {num_prompts_per_step: 2000000000, num_generations_per_prompt: 8}"
            + "~cluster: {gpus_per_node: 8, num_nodes: 2000000000}",
        "LLAMA_FACTORY | model_name_or_path: a/b~stage: ppo~template: x"
            + "~ppo_buffer_size: 2000000000~gradient_accumulation_steps: 8"
            + "~cutoff_len: 2000000000~max_new_tokens: 2000000000",
        "MS_SWIFT | model: a/b~tuner_type: lora~rlhf_type: grpo~max_length: 2000000000"
            + "~max_completion_length: 2000000000~num_generations: 8",
        "AXOLOTL | base_model: a/b~adapter: lora~expert_parallel_size: 2000000000"
            + "~dp_shard_size: 2000000000~dp_replicate_size: 2000000000",
      })
  void leave_a_reading_whole(FormatName format, String text) {
    assertThat(Readings.of("a.yaml", text.replace("~", "\n") + "\n").format()).isEqualTo(format);
  }
}
