package dev.vramcast.core.shard.fsdp;

import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ShardedModel;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.Sharding.Place;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;

/**
 * FSDP2 on two ranks, where nothing else is said: layers of one matrix each, with 8 and with 6 rows
 * of one unit in bf16. The rules are those of torch/distributed/fsdp/_fully_shard/_fsdp_param_group
 * .py and _fsdp_collectives.py.
 */
class FullyShardedTest {

  private static final String TWO = "--count 2 --reduce-dtype bf16 ";

  private static final FullySharded.Groups HEAD_ALONE =
      new FullySharded.Groups(false, true, true, false, true);

  private final TracedCall run = new TracedCall();

  private ShardedModel model(String flags) {
    return model(flags, null, false);
  }

  private ShardedModel model(String flags, DataType mixed, boolean tied) {
    return new ShardedModel(run, sharding(flags, mixed, tied, false));
  }

  private FullySharded sharding(String flags, DataType mixed, boolean tied, boolean reducesEach) {
    return new FullySharded(run.graph, degrees(flags), mixed, tied, HEAD_ALONE, reducesEach, false);
  }

  private static Parallelism degrees(String flags) {
    String all = "--sequence-length 8 --strategy fsdp2 --root-group plain " + flags;
    return Jobs.resolve(all).job().parallelism();
  }

  private ShardedModel twoLayers(String flags) {
    ShardedModel model = model(flags);
    model.layer(spec(8, BF16, true));
    model.layer(spec(6, BF16, true));
    return model;
  }

  // ---- what is kept ----

  @Test
  void a_rank_keeps_its_rows_of_every_parameter() {
    assertThat(model(TWO).layer(spec(8, BF16, true), spec(6, FP32, false))).isEqualTo("+4 +3");
  }

  @Test
  void rows_that_do_not_divide_evenly_are_padded() {
    ShardedModel three = model("--count 3 --reduce-dtype bf16");

    assertThat(three.layer(spec(8, BF16, true))).isEqualTo("+3");
    // The buffer and the gathered parameter have three times as much.
    assertThat(three.forward()).isEqualTo("+9 +9 -9 -9");
  }

  // ---- forward pass ----

  /** A buffer is kept until that of the next unit is read, so that the two can overlap. */
  @Test
  void layers_are_gathered_into_a_buffer_copied_out_of_it_and_given_up() {
    assertThat(twoLayers(TWO).forward()).isEqualTo("+8 +8 -8 +6 +6 -8 -6 -6");
  }

  /** wait_for_unshard of PyTorch 2.15 gives it up before the next is copied out. */
  @Test
  void a_newer_pytorch_gives_the_buffer_before_up_before_the_next_is_read() {
    Sharding sharding =
        new FullySharded(run.graph, degrees(TWO), null, false, HEAD_ALONE, false, true);
    ShardedModel model = new ShardedModel(run, sharding);
    model.layer(spec(8, BF16, true));
    model.layer(spec(6, BF16, true));

    assertThat(model.forward()).isEqualTo("+8 +8 -8 +6 -8 +6 -6 -6");
  }

  @Test
  void without_resharding_layers_stay_gathered_until_their_backward_pass() {
    ShardedModel model = twoLayers(TWO + "--reshard-after-forward false");

    assertThat(model.forward()).isEqualTo("+8 +8 +6 +6 -8 -6");
    assertThat(model.backward()).startsWith("+6 -6 ");
  }

  @Test
  void parameters_of_a_layer_share_a_buffer() {
    ShardedModel model = model(TWO);
    model.layer(spec(8, BF16, true), spec(6, BF16, true));

    assertThat(model.forward()).isEqualTo("+14 +8 +6 -8 -6 -14");
  }

  @Test
  void one_rank_copies_its_shards_without_a_buffer() {
    assertThat(twoLayers("--count 1 --shard 1").forward()).isEqualTo("+8 -8 +6 -6");
  }

  /** Mixed precision casts shards, so that half of the bytes are gathered. */
  @Test
  void shards_are_cast_before_they_are_gathered() {
    ShardedModel model = model(TWO, BF16, false);

    assertThat(model.layer(spec(8, FP32, true))).isEqualTo("+4");
    assertThat(model.forward()).isEqualTo("+2 +4 -2 +4 -4 -4");
  }

  // ---- backward pass ----

  /**
   * Second layer: gathered, and the first one's buffer with it; its gradient; its parameters go;
   * the input of the reduce-scatter, its output, which stays, and the gradient goes. First layer:
   * copied out of the buffer that is there; the input of the reduction before goes when its own
   * begins.
   */
  @Test
  void the_layer_before_is_gathered_ahead_and_gradients_are_reduced_one_layer_late() {
    ShardedModel model = twoLayers(TWO);
    model.forward();

    assertThat(model.backward())
        .isEqualTo("+6 +6 -6 +8 +6 -6 +6 +3 -6" + " +8 -8 +8 -8 -6 +8 +4 -8 -8");
  }

  /** The gradient in fp32 is cast to the dtype of the parameter when it has been reduced. */
  @Test
  void gradients_are_reduced_in_fp32_where_that_is_asked_for() {
    ShardedModel model = model("--count 2 --reduce-dtype fp32");
    model.layer(spec(6, BF16, true));
    model.forward();

    assertThat(model.backward()).isEqualTo("+6 +6 -6 +6 -6 +12 +6 +3 -6 -6 -12");
  }

  @Test
  void frozen_parameters_are_gathered_and_not_reduced() {
    ShardedModel model = model(TWO);
    model.layer(spec(8, BF16, false), spec(6, BF16, true));
    model.forward();

    assertThat(model.backward()).isEqualTo("+14 +8 +6 -14 +6 -8 -6 +6 +3 -6 -6");
  }

  /** _fsdp_collectives.py foreach_reduce: the loop variable keeps the last of the gradients. */
  @Test
  void the_last_gradient_of_a_group_outlives_the_copies_into_the_buffer() {
    ShardedModel model = model(TWO);
    model.layer(spec(6, BF16, true), spec(4, BF16, true));
    model.forward();

    // Gradients come for the second parameter first.
    assertThat(model.backward()).isEqualTo("+10 +6 +4 -10 +4 +6 -6 -4 +10 -6 +5 -4 -10");
  }

  /** What is reduced is added to the shard that is there, and goes. */
  @Test
  void where_every_micro_batch_is_reduced_earlier_ones_leave_shards() {
    FullySharded sharding = sharding(TWO, null, false, true);
    ShardedModel model = new ShardedModel(run, sharding);
    model.layer(spec(6, BF16, true));

    assertThat(run.during(sharding::createGradients)).isEqualTo("+3");
    model.forward();
    assertThat(model.backward()).isEqualTo("+6 +6 -6 +6 -6 +6 +3 -6 -3 -6");
  }

  @Test
  void where_the_last_micro_batch_reduces_for_all_earlier_ones_leave_whole_gradients() {
    FullySharded sharding = sharding(TWO, null, false, false);
    new ShardedModel(run, sharding).layer(spec(6, BF16, true), spec(4, BF16, false));

    assertThat(run.during(sharding::createGradients)).isEqualTo("+6");
  }

  @Test
  void an_optimizer_in_the_backward_pass_leaves_no_gradient() {
    ShardedModel model = model(TWO);
    model.layer(spec(6, BF16, true));
    model.forward();
    run.graph.stepInBackward();

    assertThat(model.backward()).isEqualTo("+6 +6 -6 +6 -6 +6 +3 -6 -3 -6");
  }

  // ---- replicas ----

  @Test
  void replicas_keep_what_they_reduce_until_the_backward_pass_is_over() {
    ShardedModel model = twoLayers("--count 4 --shard 2 --replicate 2 --reduce-dtype fp32");
    model.forward();

    assertThat(model.backward())
        .isEqualTo("+6 +6 -6 +8 +6 -6 +12 +6 +3 -6 +8 -8 +8 -8 -12 +16 +8 +4 -8 -16 -6 -8");
  }

  // ---- groups ----

  @Test
  void the_root_stays_gathered_from_its_forward_to_its_backward_pass() {
    ShardedModel model = model(TWO);
    model.add(Place.EMBEDDING, spec(8, BF16, true));
    model.layer(spec(6, BF16, true));

    assertThat(model.forward()).isEqualTo("+8 +8 +6 +6 -8 -6 -6");
    assertThat(model.backward()).isEqualTo("+6 +6 -6 +6 -6 +6 +3 -6 +8 -8 -6 +8 +4 -8 -8");
  }

  /** accelerate's fsdp2_prepare_model: norm and head are a group that is not resharded. */
  @Test
  void split_groups_gather_the_embedding_as_a_layer_and_keep_the_head() {
    ShardedModel model = model(TWO + "--root-group split");
    model.add(Place.EMBEDDING, spec(8, BF16, true));
    model.layer(spec(6, BF16, true));
    model.add(Place.HEAD, spec(2, BF16, true));

    assertThat(model.forward()).isEqualTo("+8 +8 -8 +6 +6 -8 -6 +2 +2 -6 -2");
  }

  /** Positions, token types, a norm of embeddings, a transform before the head. */
  @Test
  void what_stands_beside_the_embedding_and_the_head_stays_in_the_root() {
    ShardedModel model = model(TWO + "--root-group split");
    model.add(Place.EMBEDDING, spec(8, BF16, true));
    model.add(Place.OTHER, spec(4, BF16, true));
    model.layer(spec(6, BF16, true));

    // The root is gathered first, and goes with the whole model.
    assertThat(model.forward()).isEqualTo("+4 +4 +8 +8 -4 -8 +6 +6 -8 -6 -6");
  }

  /** get_output_embeddings of a model that classifies is None. */
  @Test
  void a_head_of_classes_stays_in_the_root() {
    FullySharded.Groups groups = new FullySharded.Groups(false, true, false, false, true);
    Parallelism split = degrees(TWO + "--root-group split");
    ShardedModel model =
        new ShardedModel(
            run, new FullySharded(run.graph, split, null, false, groups, false, false));
    model.layer(spec(6, BF16, true));
    model.add(Place.HEAD, spec(2, BF16, true));

    assertThat(model.forward()).startsWith("+2 +2 ");
  }

  @Test
  void a_tied_embedding_is_gathered_with_the_head_before_the_layers() {
    ShardedModel model = model(TWO + "--root-group split", null, true);
    model.add(Place.EMBEDDING, spec(8, BF16, true));
    model.layer(spec(6, BF16, true));
    model.add(Place.HEAD, spec(2, BF16, true));

    assertThat(model.forward()).isEqualTo("+10 +8 +2 +6 +6 -10 -6 -6");
    // The group ends with the whole backward pass, since token ids have no gradient.
    assertThat(model.backward()).endsWith("-2 -6 +10 -8 +5 -2 -10");
  }

  /** trl/trainer/utils.py add_fused_lm_head: full_tensor of the head that PEFT has at work. */
  @Test
  void a_head_that_is_read_is_gathered_alone_in_the_dtype_of_its_shards() {
    FullySharded sharding = readingHead();
    ShardedModel model = new ShardedModel(run, sharding);
    model.add(Place.HEAD, spec(8, BF16, false), spec(6, FP32, true));

    assertThat(model.forward()).isEqualTo("+6");
    assertThat(model.backward()).isEqualTo("+3 -6 +3 -3");
    sharding.runsAdapters(false);
    assertThat(run.graph.withoutGrad(model::forward)).isEqualTo("+8 -8");
  }

  @Test
  void what_earlier_micro_batches_left_of_a_head_that_is_read_is_divided() {
    FullySharded sharding = readingHead();
    ShardedModel model = new ShardedModel(run, sharding);
    model.add(Place.HEAD, spec(8, BF16, false), spec(6, FP32, true));

    assertThat(run.during(sharding::createGradients)).isEqualTo("+3");
    model.forward();
    assertThat(model.backward()).isEqualTo("+3 -6 +3 -3 -3");
  }

  private FullySharded readingHead() {
    FullySharded.Groups groups = new FullySharded.Groups(false, false, true, false, true);
    Parallelism split = degrees(TWO + "--root-group split");
    return new FullySharded(run.graph, split, BF16, false, groups, false, false);
  }

  // ---- offload ----

  @Test
  void offloaded_shards_come_to_the_gpu_to_be_gathered() {
    ShardedModel model = model(TWO + "--offload parameters");

    assertThat(model.layer(spec(8, BF16, true))).isEmpty();
    assertThat(model.forward()).isEqualTo("+4 +8 -4 +8 -8 -8");
  }

  @Test
  void offloaded_gradients_of_shards_go_to_the_host() {
    ShardedModel model = model(TWO + "--offload parameters");
    assertThat(run.duringOnHost(() -> model.layer(spec(8, BF16, true)))).isEqualTo("+4");
    model.forward();

    assertThat(run.duringOnHost(model::backward)).isEqualTo("+4");
  }
}
