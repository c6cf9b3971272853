package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A tower of two layers of 128 features before two layers of 1024. An image of 448 x 448 is 1024
 * patches of 1176 values, and 256 tokens of the 512 of a sequence.
 */
class StageEncoderTest {

  private static final Architecture QWEN = Stages.model("qwen2_5_vl", Configs.TOWER);

  private static final long PATCHES = 1024;
  private static final long PIXELS = PATCHES * 1176 * 4;
  private static final long IMAGE_TOKENS = 256;

  /** A byte a token says where images are, for the gradient of the embedding. */
  private static final long MASK = Stages.TOKENS;

  private static long held(Architecture model, String flags, Phase phase) {
    return Stages.read(model, flags, 0).phaseEnds().get(phase);
  }

  /** Bytes that an image adds to those at the end of a phase on the first stage. */
  private static long added(Architecture model, String flags, Phase phase) {
    String image = " --images 1 --image-size 448,448";
    return held(model, flags + image, phase) - held(model, flags, phase);
  }

  private static long added(String flags, Phase phase) {
    return added(QWEN, flags, phase);
  }

  @Test
  void a_frozen_encoder_keeps_nothing_and_pixels_go_with_the_loss() {
    String swift = "--framework megatron-swift ";

    long loaded = added(swift, Phase.LOAD);

    assertThat(added(swift, Phase.FORWARD_LAYERS)).isEqualTo(loaded + PIXELS + MASK);
    assertThat(added(swift, Phase.FORWARD_HEAD)).isEqualTo(loaded + MASK);
  }

  /**
   * Before 4.0 the output of its first module was made to require a gradient whatever is trained,
   * and each layer has a checkpoint of its input: 1024 patches of 128 features in bf16. The merger
   * keeps its norm's input and statistics, and what goes into GELU, 256 rows of 512 features.
   */
  @Test
  void old_releases_keep_the_inputs_of_frozen_layers() {
    long inputs = 2 * PATCHES * 128 * 2;
    long merger = PATCHES * 128 * 2 + IMAGE_TOKENS * 512 * 2;

    assertThat(added("--framework megatron-swift --framework-version 3.9", Phase.FORWARD_HEAD))
        .isGreaterThan(inputs + merger)
        .isLessThan(2 * (inputs + merger));
  }

  /** Of what is trained, layers run again; else they keep all they need. */
  @Test
  void layers_that_are_trained_run_again_where_the_framework_says_so() {
    String trained = " --frozen projectors ";
    String swift = "--framework megatron-swift" + trained;
    String roll = "--framework mcore-adapter" + trained;
    long again = added(swift, Phase.FORWARD_HEAD);
    long kept = added(roll + "--checkpointing none", Phase.FORWARD_HEAD);

    assertThat(again).isEqualTo(added(swift + "--checkpointing none", Phase.FORWARD_HEAD));
    assertThat(kept).isGreaterThan(2 * again);
    assertThat(added(roll + "--checkpointing full", Phase.FORWARD_HEAD)).isLessThan(kept / 2);
  }

  /** Sinusoids of the encoder of sound, which is there with images and without. */
  @Test
  void tables_of_a_tower_that_rests_are_cast_as_parameters_are() {
    Architecture omni =
        Configs.read(
            "qwen2_5_omni_thinker text_config={qwen2_5_omni_text small}"
                + " vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64"
                + " num_heads=4 patch_size=14 spatial_merge_size=2 temporal_patch_size=2}"
                + " audio_config={d_model=32 encoder_layers=3 encoder_attention_heads=4"
                + " encoder_ffn_dim=64 num_mel_bins=16 max_source_positions=100 output_dim=64}");
    AllocationTrace trace = Stages.trace(omni, "--framework megatron-swift", 0);

    Stream<Block> allocated =
        IntStream.range(0, trace.size())
            .filter(each -> trace.kind(each) == AllocationTrace.Kind.ALLOCATE)
            .mapToObj(trace::block);

    assertThat(allocated)
        .filteredOn(block -> block.name().equals("positions"))
        .extracting(Block::elements, Block::dtype)
        .contains(tuple(100L * 32, DataType.BF16));
  }

  @Test
  void an_encoder_has_flash_where_the_language_model_has_it_under_one_framework() {
    LayerCode.Encoders swift = LayerCode.Encoders.REPEATED;

    assertThat(swift.attention(AttentionKernel.FLASH)).isEqualTo(AttentionKernel.FLASH);
    assertThat(swift.attention(AttentionKernel.SDPA)).isEqualTo(AttentionKernel.SDPA);
    assertThat(LayerCode.Encoders.DIVIDED.attention(AttentionKernel.FLASH))
        .isEqualTo(AttentionKernel.SDPA);
  }

  /** As many images as ranks are divided; one image is run by both. */
  @Test
  void ranks_that_share_a_sequence_divide_its_images_under_one_framework() {
    String trained = " --frozen projectors --checkpointing none --image-size 448,448 --images ";
    String alone = "--framework mcore-adapter" + trained;
    String shared = "--framework mcore-adapter --count 2 --tensor 2" + trained;
    String swift = "--framework megatron-swift --count 2 --tensor 2" + trained;
    long text = held(QWEN, shared + "0", Phase.FORWARD_HEAD);
    long one = held(QWEN, shared + "1", Phase.FORWARD_HEAD) - text;
    long two = held(QWEN, shared + "2", Phase.FORWARD_HEAD) - text;
    long repeated =
        held(QWEN, swift + "2", Phase.FORWARD_HEAD) - held(QWEN, swift + "1", Phase.FORWARD_HEAD);

    assertThat(one)
        .isEqualTo(
            held(QWEN, alone + "1", Phase.FORWARD_HEAD)
                - held(QWEN, alone + "0", Phase.FORWARD_HEAD));
    assertThat(two).isEqualTo(one);
    assertThat(repeated).isPositive();
  }

  /** The first of two stages has two micro-batches in flight; the last has no encoder. */
  @Test
  void each_micro_batch_in_flight_keeps_its_own() {
    String trained = "--framework mcore-adapter --frozen projectors --checkpointing none ";
    String staged = trained + "--count 2 --pipeline 2 --grad-accum 4 ";
    String image = "--images 1 --image-size 448,448 ";
    long one = added(trained, Phase.FORWARD_HEAD);

    assertThat(added(staged, Phase.FORWARD_LAYERS)).isEqualTo(2 * one);
    assertThat(Stages.read(QWEN, staged + image, 1).peakBytes())
        .isEqualTo(Stages.read(QWEN, staged, 1).peakBytes());
  }

  /** Blocks of 512 bytes apart: one that rests is written as one tensor. */
  @Test
  void parameters_are_whole_on_every_rank_of_the_first_stage() {
    assertThat(added("--framework megatron-swift --count 2 --tensor 2", Phase.LOAD))
        .isBetween(0L, 512L * QWEN.towers().get(0).linears().size());
  }

  /** Qwen3-VL's are one a layer, of which the first stage has to have as many. */
  @Test
  void features_are_added_behind_the_first_layers_of_the_first_stage() {
    Architecture model =
        Stages.model(
            "qwen3_vl",
            Map.of(
                "vision_config",
                Map.of(
                    "depth", 4,
                    "hidden_size", 128,
                    "intermediate_size", 256,
                    "num_heads", 4,
                    "out_hidden_size", 1024,
                    "deepstack_visual_indexes", List.of(0, 2))));
    String flags = "--framework megatron-swift --images 1 --image-size 448,448 ";

    assertThat(Stages.read(model, flags, 0).peakBytes()).isPositive();
    assertThatThrownBy(() -> Stages.ranks(model, flags + "--count 2 --pipeline 2 --grad-accum 2"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.pipeline is 2, but features of images are added behind the first 2"
                + " layers, allowed: stages that begin with at least 2 layers, not 1");
  }
}
