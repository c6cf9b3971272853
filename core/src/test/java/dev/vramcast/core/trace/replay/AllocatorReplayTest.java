package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.replay.program.Loading;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AllocatorReplayTest {

  private static final long MIB = 1L << 20;

  private final AllocationTrace.Writer writer = new AllocationTrace.Writer();

  @Test
  void an_empty_trace_reserves_nothing() {
    assertThat(reserved()).isZero();
  }

  @Test
  void what_lives_through_the_step_is_allocated_once() {
    Block weights = block("weights", Category.WEIGHTS, 100 * MIB);
    writer.phase(Phase.LOAD);
    writer.allocate(weights);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.phase(Phase.STEP);

    assertThat(reserved()).isEqualTo(100 * MIB);
  }

  @Test
  void a_search_for_less_than_matters_ends_at_the_first_limit_that_is_too_small() {
    Block pieces = block("pieces", Category.TEMPORARIES, 30 * MIB);
    Block kept = block("kept", Category.ACTIVATIONS, 30 * MIB);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.repeat(
        8,
        () -> {
          writer.allocate(pieces);
          writer.allocate(kept);
          writer.free(pieces);
        });
    AllocatorReplay replay = new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT);
    long least = 200 * MIB;

    assertThat(replay.neededBytes(least, replay.reservedBytes(), bytes -> bytes <= least))
        .isEmpty();
    assertThat(replay.replays()).isEqualTo(2);
  }

  @Test
  void a_section_is_played_as_often_as_it_runs() {
    Block weights = block("weights", Category.WEIGHTS, 10 * MIB);
    Block scratch = block("scratch", Category.TEMPORARIES, 50 * MIB);
    writer.repeat(8, () -> writer.allocate(weights));
    writer.repeat(
        8,
        () -> {
          writer.allocate(scratch);
          writer.free(scratch);
        });

    assertThat(reserved()).isEqualTo(130 * MIB);
  }

  @Test
  void gradients_are_dropped_before_the_second_step_uses_their_place() {
    Block gradient = block("gradient", Category.GRADIENTS, 100 * MIB);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(gradient);
    writer.phase(Phase.STEP);

    assertThat(reserved()).isEqualTo(100 * MIB);
  }

  /** What is left of the piece holds the activations, so 200 MiB and not 100 + 60. */
  @Test
  void a_piece_that_loading_took_stays_and_holds_what_comes_after_the_weights() {
    loadedAndRun();

    assertThat(reserved(new Loading(200 * MIB, false, false))).isEqualTo(200 * MIB);
    assertThat(reserved(Loading.PLAIN)).isEqualTo(160 * MIB);
  }

  @Test
  void a_piece_that_the_driver_refuses_is_done_without() {
    loadedAndRun();

    assertThat(replay(new Loading(200 * MIB, false, false)).reservedBytes(170 * MIB))
        .hasValue(160 * MIB);
  }

  /** The 50 MiB in which the weights came are too small for the activations. */
  @Test
  void weights_that_are_made_fp32_leave_the_piece_in_which_they_were_loaded() {
    writer.phase(Phase.LOAD);
    writer.allocate(new Block("embeddings", Category.WEIGHTS, DataType.FP32, 25 * MIB));
    run();

    assertThat(reserved(new Loading(0, false, true))).isEqualTo(210 * MIB);
    assertThat(reserved(Loading.PLAIN)).isEqualTo(160 * MIB);
  }

  /** What is read is freed when the weights are there, and is too small for the activations. */
  @Test
  void weights_that_are_cast_on_the_gpu_leave_what_they_were_read_into() {
    writer.phase(Phase.LOAD);
    writer.allocate(new Block("embeddings", Category.WEIGHTS, DataType.FP16, 25 * MIB));
    run();

    assertThat(reserved(new Loading(0, true, false))).isEqualTo(160 * MIB);
    assertThat(reserved(Loading.PLAIN)).isEqualTo(110 * MIB);
  }

  /**
   * The first two do without each other's memory until the third needs more than the driver has,
   * and all later steps fit in that of the third.
   */
  @Test
  void what_only_the_first_step_takes_from_a_driver_that_refuses_more_is_not_read() {
    writer.phase(Phase.FORWARD_LAYERS);
    for (long size : List.of(100L, 110L, 150L)) {
      Block passing = block("passing", Category.TEMPORARIES, size * MIB);
      writer.allocate(passing);
      writer.free(passing);
    }
    AllocatorReplay replay = replay(Loading.PLAIN);

    assertThat(replay.reservedBytes(250 * MIB)).hasValue(210 * MIB);
    assertThat(replay.readBytes(250 * MIB)).hasValue(150 * MIB);
    assertThat(replay.readInFull(250 * MIB)).hasValue(150 * MIB);
    assertThat(replay.readBytes(360 * MIB)).hasValue(360 * MIB);
    assertThat(replay.readBytes(140 * MIB)).isEmpty();
  }

  private void loadedAndRun() {
    writer.phase(Phase.LOAD);
    writer.allocate(block("weights", Category.WEIGHTS, 100 * MIB));
    run();
  }

  private void run() {
    Block activations = block("activations", Category.ACTIVATIONS, 60 * MIB);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(activations);
    writer.free(activations);
    writer.phase(Phase.STEP);
  }

  private long reserved(Loading loading) {
    return replay(loading).reservedBytes();
  }

  private AllocatorReplay replay(Loading loading) {
    return new AllocatorReplay(
        writer.finish(), AllocatorSettings.DEFAULT, new HeldBeside(Optional.empty(), 0, loading));
  }

  /** The 100 MiB that each micro-batch makes are the gradient of the first, so 200 and not 300. */
  @Test
  void the_first_micro_batch_keeps_as_gradient_what_later_ones_add_to_it() {
    Block earlier = block("gradient", Category.GRADIENTS, 100 * MIB);
    Block gradient = block("gradient", Category.GRADIENTS, 100 * MIB);
    Block activations = block("activations", Category.ACTIVATIONS, 100 * MIB);
    writer.phase(Phase.LOAD);
    writer.allocate(earlier);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(activations);
    writer.free(activations);
    writer.allocate(gradient);
    writer.free(gradient);
    writer.phase(Phase.STEP);

    assertThat(reserved()).isEqualTo(200 * MIB);
  }

  @Test
  void the_output_of_a_layer_stands_in_for_the_input_of_the_first() {
    Block embedding = block("hidden states", Category.ACTIVATIONS, 50 * MIB);
    Block output = block("hidden states", Category.ACTIVATIONS, 100 * MIB);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(embedding);
    writer.repeat(
        4,
        () -> {
          writer.allocate(output);
          writer.free(embedding);
        });
    writer.free(output);
    writer.phase(Phase.STEP);

    assertThat(reserved()).isEqualTo(250 * MIB);
  }

  @Test
  void optimizer_states_are_born_in_the_first_step_and_take_the_place_of_activations() {
    Block state = block("optimizer states", Category.OPTIMIZER, 50 * MIB);
    Block activations = block("activations", Category.ACTIVATIONS, 60 * MIB);
    writer.phase(Phase.LOAD);
    writer.allocate(state);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(activations);
    writer.free(activations);
    writer.phase(Phase.STEP);

    // The states split the segment that the activations left; the next step needs another.
    assertThat(reserved()).isEqualTo(120 * MIB);
  }

  @Test
  void a_turn_may_free_what_the_turn_before_made() {
    Block first = block("gradients of activations", Category.TEMPORARIES, 30 * MIB);
    Block same = block("gradients of activations", Category.TEMPORARIES, 30 * MIB);
    writer.allocate(first);
    writer.repeat(
        5,
        () -> {
          writer.allocate(same);
          writer.free(first);
        });

    assertThat(reserved()).isEqualTo(60 * MIB);
  }

  /** One bucket of 60 MiB until the second step begins, then two whose places are apart. */
  @Test
  void what_is_made_anew_is_so_when_the_second_step_begins_and_in_no_other() {
    Block whole = block("bucket", Category.COMMUNICATION, 60 * MIB);
    Block half = block("bucket", Category.COMMUNICATION, 30 * MIB);
    writer.phase(Phase.LOAD);
    writer.renewed(
        () -> writer.allocate(whole), () -> writer.repeat(2, () -> writer.allocate(half)));
    writer.phase(Phase.FORWARD_LAYERS);
    writer.phase(Phase.STEP);
    AllocatorReplay replay = new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT);

    assertThat(replay.operations().stream().map(AllocatorOperation::number))
        .containsExactly(0, 0, 1, 2);
    assertThat(replay.reservedBytes()).isEqualTo(60 * MIB);
  }

  /** Two trained models under DDP: policy and value. */
  @Test
  void all_that_is_made_anew_is_so_when_the_second_step_begins() {
    Block policy = block("bucket", Category.COMMUNICATION, 60 * MIB);
    Block value = block("bucket", Category.COMMUNICATION, 40 * MIB);
    writer.phase(Phase.LOAD);
    renew(policy, block("half", Category.COMMUNICATION, 30 * MIB));
    renew(value, block("half", Category.COMMUNICATION, 20 * MIB));
    writer.phase(Phase.FORWARD_LAYERS);
    writer.phase(Phase.STEP);
    AllocatorReplay replay = new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT);

    assertThat(sizes(replay))
        .containsExactly(60 * MIB, 40 * MIB, 0L, 30 * MIB, 30 * MIB, 0L, 20 * MIB, 20 * MIB);
  }

  /** Bytes that operations ask for, in order; 0 for one that gives some back. */
  private static List<Long> sizes(AllocatorReplay replay) {
    return replay.operations().stream()
        .map(each -> each instanceof AllocatorOperation.Allocate asked ? asked.bytes() : 0L)
        .toList();
  }

  private void renew(Block whole, Block half) {
    writer.renewed(
        () -> writer.allocate(whole), () -> writer.repeat(2, () -> writer.allocate(half)));
  }

  /** Two parts are left, and something that stood before them is not. */
  @Test
  void what_is_made_anew_frees_what_is_left_of_what_was_there() {
    Block part = block("part", Category.COMMUNICATION, 20 * MIB);
    Block gone = block("gone", Category.TEMPORARIES, 50 * MIB);
    writer.phase(Phase.LOAD);
    writer.renewed(
        () -> {
          writer.phase(Phase.LOAD);
          writer.allocate(gone);
          writer.repeat(2, () -> writer.allocate(part));
          writer.free(gone);
        },
        () -> writer.allocate(block("whole", Category.COMMUNICATION, 40 * MIB)));
    writer.phase(Phase.FORWARD_LAYERS);
    writer.phase(Phase.STEP);
    AllocatorReplay replay = new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT);

    assertThat(sizes(replay)).containsExactly(50 * MIB, 20 * MIB, 20 * MIB, 0L, 0L, 0L, 40 * MIB);
  }

  /** FSDP1 that keeps parameters between passes: gathered ones wait, and shards do not. */
  @Test
  void what_is_gathered_waits_for_its_reader_also_where_nothing_else_does() {
    assertThat(gathered(0).reservedBytes()).isEqualTo(62 * MIB);
    assertThat(gathered(0).inFull(Long.MAX_VALUE)).hasValue(62 * MIB);
  }

  /** Behind more than 1,024 launches the first gathered is free again; launches take 2 MiB. */
  @Test
  void what_is_gathered_waits_for_no_more_launches_than_a_stream_takes() {
    assertThat(gathered(1_100).reservedBytes()).isEqualTo(34 * MIB);
    assertThat(gathered(1_100).inFull(Long.MAX_VALUE)).hasValue(34 * MIB);
    assertThat(gathered(1_000).reservedBytes()).isEqualTo(64 * MIB);
    assertThat(gathered(1_000).inFull(Long.MAX_VALUE)).hasValue(64 * MIB);
  }

  private static AllocatorReplay gathered(int launches) {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    Block shard = block("shard", MIB, Stream.PRE_UNSHARD);
    Block whole = block("whole", 30 * MIB, Stream.UNSHARD);
    Block output = block("output", Category.ACTIVATIONS, 512);
    writer.phase(Phase.FORWARD_LAYERS);
    for (int gather = 0; gather < 4; gather++) {
      writer.allocate(shard);
      writer.allocate(whole);
      writer.free(shard);
      writer.free(whole);
      writer.repeat(
          launches,
          () -> {
            writer.allocate(output);
            writer.free(output);
          });
    }
    writer.phase(Phase.STEP);
    return new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT);
  }

  private long reserved() {
    return new AllocatorReplay(writer.finish(), AllocatorSettings.DEFAULT).reservedBytes();
  }

  private static Block block(String name, long bytes, Stream stream) {
    return StreamBlocks.block(name, Category.GATHERED, bytes, stream);
  }

  private static Block block(String name, Category category, long bytes) {
    return new Block(name, category, DataType.UINT8, bytes);
  }
}
