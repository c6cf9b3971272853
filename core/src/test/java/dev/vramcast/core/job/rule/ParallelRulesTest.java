package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.Jobs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParallelRulesTest {

  private static Parallelism resolve(String flags) {
    return Jobs.resolve("--sequence-length 512 " + flags).job().parallelism();
  }

  @ParameterizedTest
  @CsvSource({
    "'', NONE, 1, 1, 1",
    "--count 8, DDP, 1, 8, 8",
    "--count 8 --strategy fsdp2, FSDP2, 8, 1, 8",
    "--count 8 --strategy fsdp2 --replicate 2, FSDP2, 4, 2, 8",
    "--count 64 --strategy megatron --tensor 4 --pipeline 2, MEGATRON, 8, 1, 64",
    "--count 8 --tensor 2, DDP, 1, 4, 8",
    "--shard 4, FSDP2, 4, 1, 4",
    "--nodes 3, DDP, 1, 3, 3",
    "--nodes 2 --shard 4, FSDP2, 4, 1, 4",
    "--strategy ddp --replicate 4, DDP, 1, 4, 4",
    "--strategy zero2 --count 1, ZERO2, 1, 1, 1",
    "--strategy none --tensor 4, NONE, 1, 1, 4",
  })
  void open_ways_take_the_gpus_that_are_left(
      String flags, Strategy strategy, int shard, int replicate, int gpus) {
    Parallelism parallelism = resolve(flags);
    assertThat(parallelism.strategy()).isEqualTo(strategy);
    assertThat(parallelism.shard()).isEqualTo(shard);
    assertThat(parallelism.replicate()).isEqualTo(replicate);
    assertThat(parallelism.gpus()).isEqualTo(gpus);
  }

  @Test
  void ways_that_do_not_make_the_number_of_gpus_are_refused() {
    assertThatThrownBy(() -> resolve("--count 8 --strategy fsdp2 --shard 4"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--count: hardware.count is 8, but shard 4 x replicate 1 x tensor 1 x pipeline 1 x"
                + " context 1 make 4 GPUs under strategy fsdp2,"
                + " allowed: degrees whose product is 8");
    assertThatThrownBy(() -> resolve("--count 8 --strategy fsdp2 --tensor 3"))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> resolve("--count 4 --strategy none"))
        .isInstanceOf(InputException.class);
  }

  @Test
  void the_models_own_list_of_layers_stands_beside_no_class() {
    assertThatThrownBy(
            () -> resolve("--strategy fsdp2 --count 2 --layer-classes auto,LlamaDecoderLayer"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--layer-classes: parallelism.layer_classes has 'auto', the model's own list, beside"
                + " names of classes, allowed: auto alone, or names of classes");
  }

  @Test
  void a_product_beyond_all_gpus_of_the_world_does_not_overflow() {
    String million = " 1000000 ";
    assertThatThrownBy(
            () ->
                resolve(
                    "--strategy fsdp2 --shard"
                        + million
                        + "--tensor"
                        + million
                        + "--pipeline"
                        + million
                        + "--context"
                        + million))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("make 1000000000000000000000000 GPUs");
  }

  @Test
  void sharding_needs_a_strategy_that_shards() {
    assertThatThrownBy(() -> resolve("--count 4 --shard 4 --strategy ddp"))
        .hasMessage(
            "--count: parallelism.shard 4 needs a strategy that shards, parallelism.strategy is"
                + " ddp, allowed: fsdp1, fsdp2, zero1, zero2, zero3, megatron");
  }

  @Test
  void experts_and_nodes_divide_the_gpus() {
    assertThat(resolve("--count 8 --expert 4 --nodes 2 --strategy fsdp2").expert()).isEqualTo(4);
    assertThatThrownBy(() -> resolve("--count 8 --expert 3"))
        .hasMessage("--expert: parallelism.expert is 3, allowed: a divisor of hardware.count 8");
    assertThatThrownBy(() -> resolve("--count 8 --nodes 16"))
        .hasMessage(
            "--nodes: hardware.nodes is 16, allowed: a divisor of hardware.count 8;"
                + " hardware.count is that of all nodes together: 8 in each of them are"
                + " hardware.count 128");
  }

  @Test
  void nodes_without_a_number_of_gpus_have_one_each_which_is_said() {
    String said = "one GPU is taken to be in each of 2 nodes";
    assertThat(Jobs.resolve("--sequence-length 1 --nodes 2").warnings())
        .extracting(Notice::toString)
        .anyMatch(warning -> warning.contains(said));
    for (String placed : List.of("--nodes 1", "--nodes 2 --count 2", "--nodes 2 --shard 2")) {
      assertThat(Jobs.resolve("--sequence-length 1 " + placed).warnings())
          .as(placed)
          .extracting(Notice::toString)
          .noneMatch(warning -> warning.contains("is taken to be in each"));
    }
  }

  @Test
  void settings_of_a_way_that_is_not_used_get_a_warning() {
    assertThat(
            Jobs.resolve(
                    "--sequence-length 1 --virtual-pipeline 2 --layers-per-stage 3,4"
                        + " --sequence-parallel true")
                .warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--virtual-pipeline: parallelism.virtual_pipeline is ignored: parallelism.pipeline is"
                + " 1",
            "--layers-per-stage: parallelism.layers_per_stage is ignored: parallelism.pipeline is"
                + " 1",
            "--sequence-parallel: parallelism.sequence_parallel is ignored: parallelism.tensor is"
                + " 1");
  }

  @Test
  void a_size_that_the_stage_does_not_read_gets_a_warning() {
    assertThat(
            Jobs.resolve(
                    "--sequence-length 1 --count 2 --strategy zero2 --max-live-parameters 5"
                        + " --reduce-bucket-size 7")
                .warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--max-live-parameters: parallelism.max_live_parameters is ignored:"
                + " parallelism.strategy is zero2");
  }
}
