package dev.vramcast.formats.training.megatron;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WholeStatesTest {

  private static final String SWIFT =
      "NPROC_PER_NODE=8 megatron sft --model a/b --max_length 64 --tensor_model_parallel_size 2"
          + " --use_distributed_optimizer ";

  private static final String VERL =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.actor.strategy=megatron"
          + " trainer.n_gpus_per_node=8 trainer.nnodes=1 actor_rollout_ref.model.path=a/b"
          + " actor_rollout_ref.actor.megatron.tensor_model_parallel_size=4"
          + " actor_rollout_ref.actor.megatron.use_distributed_optimizer=";

  private static final String NEMO =
      "defaults: sft.yaml\nsft: {}\ncluster: {gpus_per_node: 8, num_nodes: 1}\npolicy:\n"
          + "  model_name: a/b\n  megatron_cfg:\n    enabled: true\n"
          + "    tensor_model_parallel_size: 2\n"
          + "    optimizer: {use_distributed_optimizer: ";

  private static Map<String, Object> script(String text) {
    return values(of("run.sh", text + "\n"));
  }

  @Test
  void every_rank_has_all_states_without_the_distributed_optimizer() {
    assertThat(script(SWIFT + "false"))
        .containsEntry("parallelism.replicate", 4)
        .containsEntry("parallelism.shard", 1);
    assertThat(script(VERL + "False")).containsEntry("parallelism.replicate", 2);
    assertThat(values(of("sft.yaml", NEMO + "false}\n"))).containsEntry("parallelism.replicate", 4);
  }

  @Test
  void states_are_divided_with_it() {
    assertThat(script(SWIFT + "true")).doesNotContainKey("parallelism.replicate");
    assertThat(script(VERL + "True")).doesNotContainKey("parallelism.replicate");
    assertThat(values(of("sft.yaml", NEMO + "true}\n"))).doesNotContainKey("parallelism.replicate");
  }

  @Test
  void states_of_ranks_that_share_sequences_are_not_modelled() {
    assertThat(of("run.sh", SWIFT + "false --context_parallel_size 2\n").notModelled()).isPresent();
  }
}
