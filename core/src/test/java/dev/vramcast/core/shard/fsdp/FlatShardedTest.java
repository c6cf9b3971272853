package dev.vramcast.core.shard.fsdp;

import static dev.vramcast.core.shard.ShardedModel.copy;
import static dev.vramcast.core.shard.ShardedModel.factor;
import static dev.vramcast.core.shard.ShardedModel.routed;
import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardedModel;
import dev.vramcast.core.shard.Sharding.Place;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * FSDP1 on two ranks, where nothing else is said: a unit of 8 and 4 units of 512 bytes in bf16, one
 * of 6, and a root of 10. The rules are those of torch/distributed/fsdp/_flat_param.py and
 * _runtime_utils.py.
 */
class FlatShardedTest {

  private static final String TWO = "--count 2 --reduce-dtype bf16 ";

  private final TracedCall run = new TracedCall();
  private FlatSharded sharding;

  private ShardedModel model(String flags, DataType mixed, boolean apart) {
    String all = "--sequence-length 8 --strategy fsdp1 " + flags;
    sharding = new FlatSharded(run.graph, Jobs.resolve(all).job(), mixed, apart);
    return new ShardedModel(run, sharding);
  }

  private ShardedModel whole(String flags) {
    ShardedModel model = model("--method full " + flags, null, false);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    model.layer(spec(6, BF16, true));
    model.add(Place.HEAD, spec(10, BF16, true));
    sharding.loaded();
    return model;
  }

  // ---- flat parameters ----

  /** They come to the GPU whole and are copied into one piece, of which a part is kept. */
  @Test
  void parameters_of_a_unit_are_one_flat_parameter_of_which_a_rank_keeps_its_share() {
    ShardedModel model = model("--method full " + TWO, null, false);

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true)))
        .isEqualTo("+8 +4 +12 -8 -4 +6 -12");
    assertThat(model.add(Place.HEAD, spec(10, BF16, true))).isEmpty();
    assertThat(run.during(sharding::loaded)).startsWith("+10 +10 -10 +5 -10");
  }

  /** Two come in one piece and one alone as it is; the rank that loads has none of it. */
  @Test
  void a_rank_that_a_quantised_model_is_sent_to_receives_it_before_it_is_flat() {
    String flags = "--framework trl@0.15 --transformers 4.49.0 --method qlora " + TWO;
    ShardedModel model = model(flags, null, false);

    assertThat(model.layer(spec(8, BF16, false), spec(4, BF16, false)))
        .isEqualTo("+8 +4 +12 -12 +12 -8 -4 +6 -12");
    assertThat(model(flags + "--transformers 5.1.0 ", null, false).layer(spec(8, BF16, false)))
        .isEqualTo("+8 +8 -8 +4 -8");
  }

  /** The root's first; where mixed precision casts, a shard in its dtype and the whole in both. */
  @Test
  void what_is_gathered_into_is_made_once_and_given_up_before_the_first_pass() {
    ShardedModel model = model("--method full " + TWO, null, false);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    model.add(Place.HEAD, spec(10, BF16, true));

    assertThat(run.during(sharding::loaded)).isEqualTo("+10 +10 -10 +5 -10 +10 -10 +12 -12");

    ShardedModel mixed = model("--method full --count 2", BF16, false);
    mixed.layer(spec(8, FP32, true));

    assertThat(run.during(sharding::loaded)).isEqualTo("+2 -2 +4 -4 +8 -8");
  }

  /** Of a shard of 12 units the first parameter has 8 and the second 4. */
  @Test
  void the_optimizer_updates_what_the_first_shard_has_of_each_parameter() {
    model("--method full " + TWO, null, false);
    List<Parameter> parameters =
        sharding
            .unit(
                Place.LAYER,
                () ->
                    List.of(
                        sharding.parameter(spec(8, BF16, true)),
                        sharding.parameter(spec(8, BF16, true)),
                        sharding.parameter(spec(8, BF16, true))))
            .part();

    assertThat(parameters.stream().map(each -> each.kept().elements() * 2 / 512).toList())
        .containsExactly(8L, 4L, 0L);
  }

  /** 10 units are 2560 numbers; a third of them are 854, which is 4 units, and all 11. */
  @Test
  void a_flat_parameter_is_padded_to_divide_evenly() {
    ShardedModel model = model("--method full --count 3 --reduce-dtype bf16", null, false);

    assertThat(model.layer(spec(10, BF16, true))).isEqualTo("+10 +11 -10 +4 -11");
    assertThat(model.forward()).isEqualTo("+11 -11");
  }

  @Test
  void frozen_and_trained_parameters_have_flat_parameters_of_their_own_where_they_are_apart() {
    ShardedModel model = model("--method lora " + TWO, null, true);

    assertThat(model.layer(spec(8, BF16, false), spec(4, BF16, true), spec(2, BF16, true)))
        .isEqualTo("+8 +8 -8 +4 -8 +4 +4 -4 +2 -4 +2 +2 -2 +1 -2");
  }

  /** Of 4 ranks with 4 of experts, each has what expert parallelism left it, never gathered. */
  @Test
  void experts_that_expert_parallelism_divided_stay_whole() {
    ShardedModel model = model("--method full --count 4 --expert 4", null, false);

    assertThat(model.layer(spec(8, BF16, true), routed(6, BF16))).isEqualTo("+6 +8 +8 -8 +2 -8");
    assertThat(model.forward()).isEqualTo("+8 -8");
  }

  // ---- forward pass ----

  @Test
  void a_unit_is_gathered_without_a_buffer_and_the_root_stays() {
    assertThat(whole(TWO).forward()).isEqualTo("+10 +12 -12 +6 -6");
  }

  @Test
  void shard_grad_op_keeps_units_until_their_backward_pass() {
    assertThat(whole(TWO + "--reshard-after-forward false").forward()).isEqualTo("+10 +12 +6");
  }

  /** {@code _should_free_in_backward}. */
  @Test
  void shard_grad_op_keeps_units_through_a_backward_pass_that_reduces_nothing() {
    ShardedModel model = whole(TWO + "--reshard-after-forward false --grad-accum 3");
    sharding.createGradients();
    sharding.reduces(false);
    model.forward();

    assertThat(model.backward()).isEqualTo("+10 +6 +6 -6 -6 +4 +8 +12 -8 -4 -12 +10 -10 -10");
    assertThat(run.during(sharding::afterPasses)).isEqualTo("-6 -12 -10");
  }

  /** Nothing gives up what is kept for a backward pass where none comes. */
  @Test
  void what_a_frozen_model_keeps_gathered_stays_from_one_step_to_the_next() {
    ShardedModel model = model("--method full " + TWO, null, false);
    model.layer(spec(8, BF16, false), spec(4, BF16, false));
    model.add(Place.HEAD, spec(10, BF16, false));
    sharding.beReference();
    sharding.loaded();

    assertThat(run.during(sharding::beforePasses)).isEqualTo("+10");
    assertThat(withoutGraph(model)).isEqualTo("+12 -12");
    assertThat(run.during(sharding::afterPasses)).isEmpty();
    assertThat(run.during(sharding::beforePasses)).isEmpty();
    assertThat(withoutGraph(model)).isEqualTo("+12 -12");
  }

  private String withoutGraph(ShardedModel model) {
    return run.graph.withoutGrad(model::forward);
  }

  @Test
  void a_shard_is_cast_before_it_is_gathered() {
    ShardedModel model = model("--method full " + TWO, BF16, false);

    assertThat(model.layer(spec(8, FP32, true))).isEqualTo("+8 +8 -8 +4 -8");
    assertThat(model.forward()).isEqualTo("+2 +4 -2 -4");
  }

  // ---- backward pass ----

  /**
   * The unit before is gathered when the gradient of a unit's output is there: the second unit with
   * the root, the first with the second, and the flat gradient is made of the views' gradients, one
   * copy of all.
   */
  @Test
  void gradients_are_flattened_and_reduced_after_the_parameters_have_gone() {
    ShardedModel model = whole(TWO);
    model.forward();

    assertThat(model.backward())
        .isEqualTo(
            "+6 +10 +12 +6 +6 -6 -6 +3 -6" + " +4 +8 +12 -8 -4 -12 +6 -12" + " +10 -10 -10 +5 -10");
  }

  @Test
  void a_reduction_in_fp32_needs_a_buffer_and_a_cast_of_its_result() {
    ShardedModel model = model("--method full --count 2 --reduce-dtype fp32", null, false);
    model.layer(spec(6, BF16, true));
    model.forward();

    assertThat(model.backward()).isEqualTo("+6 +6 +6 -6 -6 +12 +6 +3 -6 -12 -6");
  }

  @Test
  void a_flat_gradient_is_zero_where_a_view_is_frozen() {
    ShardedModel model = model("--method lora " + TWO, null, false);
    model.layer(spec(8, BF16, false), spec(4, BF16, true));
    model.forward();

    // The gradient of 4, zeros of 8, and the flat one of 12.
    assertThat(model.backward()).isEqualTo("+12 +4 +8 +12 -4 -8 -12 +6 -12");
  }

  @Test
  void units_inside_reentrant_checkpoints_are_not_fetched_ahead() {
    String reentrant = TWO + "--checkpointing full --checkpointing-reentrant true --transformers ";
    ShardedModel inside = whole(reentrant + "4.51");
    inside.forward();

    assertThat(inside.backward()).startsWith("+10 +6 +6 +6 -6 -6 +3 -6 +12 +4 +8 ");
  }

  /** Since Transformers 4.52 a layer makes a checkpoint of itself, inside its unit. */
  @Test
  void units_around_reentrant_checkpoints_are() {
    String reentrant = TWO + "--checkpointing full --checkpointing-reentrant true --transformers ";
    ShardedModel around = whole(reentrant + "4.52");
    around.forward();

    assertThat(around.backward()).startsWith("+6 +10 +12 +6 +6 -6 -6 +3 -6 +4 +8 ");
  }

  /**
   * Two layers of 8 frozen units and adapters of 4 and 2, the second after which the layer before
   * is fetched. Each is gathered and reduced alone; frozen parameters go when their layer ends.
   */
  @Test
  void adapters_apart_are_reduced_one_by_one_and_the_first_fetches_the_layer_before() {
    ShardedModel model = model("--method lora " + TWO, null, true);
    model.layer(spec(8, BF16, false), spec(4, BF16, true), spec(2, BF16, true));
    model.layer(spec(6, BF16, false), spec(4, BF16, true), spec(2, BF16, true));
    model.forward();

    String ofTwo = " +2 +2 +2 -2 -2 +1 -2";
    assertThat(model.backward())
        .isEqualTo(
            "+6" + ofTwo + " +4 +8 +4 +4 -4 -4 +2 -4 -6" + ofTwo + " +4 +4 +4 -4 -4 +2 -4 -8");
  }

  /** A module's unit shows PEFT its shard outside of its passes, whatever it keeps. */
  @Test
  void shard_grad_op_keeps_adapters_apart_and_reduces_them_one_by_one() {
    ShardedModel model = model("--method lora --reshard-after-forward false " + TWO, BF16, true);
    model.layer(spec(8, BF16, false), spec(4, BF16, true), spec(2, BF16, true));

    assertThat(model.forward()).isEqualTo("+8 +4 +2");
    assertThat(model.backward()).isEqualTo("+2 +2 -2 -2 +1 -2 +4 +4 -4 -4 +2 -4 -8");
  }

  private ShardedModel withHead(ParameterSpec... trained) {
    ShardedModel model = model("--method lora " + TWO, null, true);
    model.layer(spec(8, BF16, false), factor(4, BF16));
    model.add(
        Place.HEAD,
        Stream.concat(Stream.of(spec(10, BF16, false)), Stream.of(trained))
            .toArray(ParameterSpec[]::new));
    sharding.loaded();
    return model;
  }

  /** The root fetches the last of them, so that the layer waits for the first. */
  @Test
  void the_first_factor_of_the_head_fetches_the_last_layer() {
    ShardedModel model = withHead(factor(6, BF16), factor(2, BF16));

    assertThat(model.forward()).isEqualTo("+10 +8 +4 -4 -8 +6 -6 +2 -2");
    assertThat(model.backward())
        .isEqualTo("+2 +2 +2 -2 -2 +1 -2 +6 +8 +6 +6 -6 -6 +3 -6" + " +4 +4 +4 -4 -4 +2 -4 -8 -10");
  }

  @Test
  void a_copy_of_the_head_comes_and_goes_as_a_layer_does() {
    ShardedModel model = withHead(copy(6, BF16));

    assertThat(model.forward()).isEqualTo("+10 +8 +4 -4 -8 +6 -6");
    assertThat(model.backward())
        .isEqualTo("+6 +8 +6 +6 -6 -6 +3 -6" + " +4 +4 +4 -4 -4 +2 -4 -8 -10");
  }

  @Test
  void factors_of_the_table_are_in_one_piece_with_what_the_root_has_frozen() {
    ShardedModel model = model("--method lora " + TWO, null, true);
    model.add(Place.EMBEDDING, spec(8, BF16, false), factor(2, BF16));

    assertThat(run.during(sharding::loaded)).isEqualTo("+8 +2 +10 -8 -2 +5 -10 +10 -10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--reshard-after-forward false "})
  void adapters_apart_say_the_dtype_of_what_a_rank_keeps_until_they_run(String flags) {
    model("--method lora " + flags + TWO, BF16, true);
    Parameter adapter =
        sharding.unit(Place.LAYER, () -> sharding.parameter(spec(4, FP32, true))).part();

    assertThat(adapter.dtype()).isEqualTo(BF16);
    assertThat(adapter.statedDtype()).isEqualTo(FP32);
  }

  /**
   * Its own module's backward pass begins, for which it is gathered, and ahead of time the one that
   * ran before it.
   */
  @Test
  void an_adapter_is_gathered_for_its_backward_pass_with_the_one_before() {
    List<Parameter> adapters = adapters("");

    assertThat(backward(adapters.get(1))).isEqualTo("+2 +4 -2 +1 +2 -1");
    assertThat(adapters).extracting(Parameter::statedDtype).containsExactly(BF16, BF16);
    assertThat(backward(adapters.get(0))).isEmpty();
  }

  @Test
  void adapters_in_reentrant_checkpoints_were_run_again_before_they_are_gathered() {
    List<Parameter> adapters =
        adapters("--checkpointing full --checkpointing-reentrant true --transformers 4.51");

    assertThat(backward(adapters.get(1))).isEmpty();
    assertThat(adapters).extracting(Parameter::statedDtype).containsExactly(FP32, FP32);
  }

  private List<Parameter> adapters(String flags) {
    model("--method lora " + TWO + flags, BF16, true);
    return sharding
        .unit(
            Place.LAYER,
            () ->
                List.of(
                    sharding.parameter(spec(4, FP32, true)),
                    sharding.parameter(spec(8, FP32, true))))
        .part();
  }

  /** What happens when the gradient of a result of its own module comes. */
  private String backward(Parameter adapter) {
    Tensor inner = run.activation(1, BF16);
    run.forward(() -> adapter.result(run.graph, inner));
    return run.backward();
  }

  // ---- gradient accumulation ----

  @Test
  void under_no_sync_the_whole_gradient_stays() {
    ShardedModel model = model("--method full --grad-accum 4 " + TWO, null, false);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));

    assertThat(run.during(sharding::createGradients)).isEqualTo("+12");
    model.forward();
    // The new gradient is added to the earlier one, which is reduced, and goes last.
    assertThat(model.backward()).isEqualTo("+12 +4 +8 +12 -8 -4 -12 +6 -12 -12");
  }

  /** Nothing was there to add them to; the last micro-batch adds its own, which then goes. */
  @Test
  void the_first_of_two_micro_batches_leaves_its_gradients() {
    ShardedModel model = model("--method full --grad-accum 2 " + TWO, null, false);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    sharding.reduces(false);
    model.forward();

    assertThat(model.backward()).isEqualTo("+12 +4 +8 +12 -8 -4 -12");
    sharding.reduces(true);
    model.forward();
    assertThat(model.backward()).isEqualTo("+12 +4 +8 +12 -8 -4 -12 +6 -12 -12");
  }

  // ---- offload ----

  @Test
  void offloading_keeps_shards_and_places_for_their_gradients_on_the_host() {
    ShardedModel model = model("--method full --offload parameters " + TWO, null, false);

    assertThat(run.duringOnHost(() -> model.layer(spec(8, BF16, true)))).isEqualTo("+4 +4");
    assertThat(model.forward()).isEqualTo("+4 +8 -4 -8");
    assertThat(model.backward()).isEqualTo("+4 +8 -4 +8 +8 -8 -8 +4 -8 -4");
  }
}
