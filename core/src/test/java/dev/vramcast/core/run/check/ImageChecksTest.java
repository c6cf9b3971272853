package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageChecksTest {

  private static final Architecture QWEN = model("qwen2_5_vl");

  private static final Architecture LLAMA4 =
      Estimates.model(
          "llama4",
          Map.of(
              "intermediate_size_mlp",
              1024,
              "num_local_experts",
              4,
              "vision_config",
              Map.of(
                  "hidden_size", 128,
                  "intermediate_size", 512,
                  "num_hidden_layers", 2,
                  "num_attention_heads", 4,
                  "image_size", 56,
                  "patch_size", 14,
                  "projector_input_dim", 64,
                  "projector_output_dim", 64,
                  "vision_output_dim", 64)));

  private static final Architecture LFM2 =
      Estimates.model(
          "lfm2_vl",
          Map.of(
              "vision_config",
              Map.of(
                  "hidden_size", 64,
                  "intermediate_size", 128,
                  "num_hidden_layers", 2,
                  "num_attention_heads", 4,
                  "vision_use_head", false)));

  private static final Architecture GEMMA3N =
      Estimates.model("gemma3n", Map.of("vision_config", Map.of(), "audio_config", Map.of()));

  @Test
  void a_model_without_a_tower_reads_no_images() {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), "--images 1"))
        .isInstanceOf(InputException.class)
        .hasMessage("batch.images is 1, but a llama model reads no images, allowed: 0");
  }

  @Test
  void a_tower_whose_code_is_not_known_is_not_modelled() {
    Architecture lfm2 =
        Estimates.model("lfm2_vl", Map.of("vision_config", Map.of("num_attention_heads", 4)));

    assertThatThrownBy(() -> Estimates.of(lfm2, "--images 1"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage("batch.images 1 for lfm2_vl is not modelled yet");
  }

  @Test
  void padding_goes_through_the_projector_of_lfm2_vl_since_transformers_5_24() {
    String job = "--method full --images 1 --image-size 320,320 --transformers ";

    assertThat(Estimates.of(LFM2, job + "5.24.0").allocatedBytes())
        .isGreaterThan(Estimates.of(LFM2, job + "5.18.0").allocatedBytes());
  }

  @Test
  void tiles_of_lfm2_vl_have_an_additive_mask_whether_it_hides_something_before_5_2() {
    String job = "--method full --images 1 --image-size 512,512 --transformers ";

    assertThat(Estimates.of(LFM2, job + "5.1.0").allocatedBytes())
        .isGreaterThan(Estimates.of(LFM2, job + "5.18.0").allocatedBytes());
  }

  @Test
  void a_resampler_whose_layers_are_gathered_one_by_one_is_not_modelled() {
    Map<String, Object> vision =
        Map.of(
            "hidden_size", 64,
            "intermediate_size", 128,
            "num_hidden_layers", 2,
            "num_attention_heads", 4,
            "image_size", 70,
            "patch_size", 14);
    Architecture idefics =
        Estimates.model("idefics2", Map.of("vision_config", vision, "perceiver_config", Map.of()));
    String job = "--method full --images 1 --image-size 400,300 --count 2 --strategy ";

    for (String divided : List.of("fsdp1", "fsdp2", "zero3")) {
      assertThatThrownBy(() -> Estimates.of(idefics, job + divided))
          .isInstanceOf(UnsupportedJobException.class)
          .hasMessage(
              "parallelism.strategy "
                  + divided
                  + " on images of a idefics2 model is not modelled yet, modelled: none, ddp,"
                  + " zero1, zero2");
    }
    assertThat(Estimates.of(idefics, job + "ddp").allocatedBytes()).isPositive();
  }

  @Test
  void a_network_of_convolutions_that_is_gathered_at_once_is_not_modelled() {
    String job = "--method full --images 1 --sequence-length 512 --count 2 --strategy ";

    for (String divided : List.of("fsdp1", "fsdp2", "zero3")) {
      assertThatThrownBy(() -> Estimates.of(GEMMA3N, job + divided))
          .isInstanceOf(UnsupportedJobException.class)
          .hasMessageContaining(divided + " on images of a gemma3n model is not modelled yet");
    }
    assertThat(Estimates.of(GEMMA3N, job + "ddp").allocatedBytes()).isPositive();
  }

  @Test
  void no_checkpoint_reaches_a_network_of_convolutions_that_is_trained() {
    assertThat(ofOneImage("projectors")).isGreaterThan(2L << 30);
    assertThat(ofOneImage("towers,projectors")).isLessThan(1L << 29);
  }

  private static long ofOneImage(String frozen) {
    String job =
        "--method full --sequence-length 1024 --micro-batch 1 --checkpointing full --frozen "
            + frozen
            + " --images ";
    return Estimates.of(GEMMA3N, job + 2).allocatedBytes()
        - Estimates.of(GEMMA3N, job + 1).allocatedBytes();
  }

  @Test
  void pixels_that_are_cast_to_the_whole_numbers_of_a_quantised_linear_are_not_modelled() {
    String job = "--method qlora --targets q_proj --transformers 5.24.0 ";

    assertThatThrownBy(() -> Estimates.of(LFM2, job + "--images 1 --image-size 320,320"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "model.quantization.scheme nf4 on images of a lfm2_vl model, whose code casts pixels"
                + " to the dtype that the quantised linear of patches is stored in, is not"
                + " modelled yet");
    assertThat(Estimates.of(LFM2, job).allocatedBytes()).isPositive();
  }

  @Test
  void a_reentrant_checkpoint_hands_no_gradient_on_to_a_tower_by_keyword() {
    String job =
        "--method full --images 1 --image-size 56,56 --checkpointing full"
            + " --checkpointing-reentrant ";

    assertThatThrownBy(() -> Estimates.of(LLAMA4, job + "true"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "checkpointing_reentrant true, under which the tower of a llama4 model gets no"
                + " gradient, is not modelled yet");
    assertThat(Estimates.of(LLAMA4, job + "false").allocatedBytes()).isPositive();
    assertThat(Estimates.of(LLAMA4, job + "true --frozen towers").allocatedBytes()).isPositive();
  }

  @Test
  void pixels_in_fp32_are_not_multiplied_by_weights_in_16_bits_without_autocast() {
    String text = "--method lora --targets q_proj --model-dtype bf16 --precision ";
    String job = "--images 1 --image-size 56,56 " + text;

    assertThatThrownBy(() -> Estimates.of(LLAMA4, job + "bf16"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "precision bf16 without autocast on images of a llama4 model (whether what reads"
                + " patches in 16 bits is given pixels in fp32, an error) is not modelled yet,"
                + " modelled: precision bf16-mixed");
    assertThat(Estimates.of(LLAMA4, job + "bf16-mixed").allocatedBytes()).isPositive();
    assertThat(Estimates.of(LLAMA4, text + "bf16").allocatedBytes()).isPositive();
  }

  @Test
  void an_image_that_is_smaller_than_a_patch_is_named() {
    Map<String, Object> vision =
        Map.of("image_size", 10, "num_attention_heads", 16, "hidden_size", 128);

    Map<String, Object> config =
        Map.of("intermediate_size_mlp", 1024, "num_local_experts", 4, "vision_config", vision);

    assertThatThrownBy(() -> Estimates.model("llama4", config))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("image_size is 10, but patch_size is 14, allowed: at least 14");
  }

  @Test
  void a_processor_that_keeps_sizes_has_to_know_one() {
    assertThatThrownBy(() -> Estimates.of(QWEN, "--images 1"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.image_size is required where batch.images is 1: a qwen2_5_vl model makes more"
                + " tokens of a larger image; give width and height in pixels, such as 1024x768");
  }

  @Test
  void images_take_tokens_of_their_sequence() {
    String job = "--images 2 --image-size 448,448 --sequence-length ";
    assertThatThrownBy(() -> Estimates.of(QWEN, job + 511))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.sequence_length is 511, but batch.images 2 take 512 tokens,"
                + " allowed: at least 512");
    assertThat(Estimates.of(QWEN, job + 512).allocatedBytes()).isPositive();
  }

  @Test
  void images_that_layers_look_at_take_a_token_each_and_run_those_layers() {
    Architecture model = model("mllama");
    long text = Estimates.of(model, "--method full").allocatedBytes();
    long seen = Estimates.of(model, "--method full --images 1").allocatedBytes();

    assertThat(seen).isGreaterThan(text);
    assertThatThrownBy(() -> Estimates.of(model, "--images 3 --sequence-length 2"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("batch.images 3 take 3 tokens");
    assertThatThrownBy(() -> Estimates.of(model, "--images 1 --tensor 2 --count 2"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage("parallelism.tensor 2 for mllama is not modelled yet");
    String again = "--images 1 --checkpointing full --checkpointing-reentrant ";
    assertThatThrownBy(() -> Estimates.of(model, again + true))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "checkpointing_reentrant is true, but layers of a mllama model that look at what its"
                + " encoder makes need its graph again, which is gone then, allowed: false");
    assertThat(Estimates.of(model, again + false).allocatedBytes()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2_5_vl, --sequence-length 512, 1",
    "qwen2_5_vl, --sequence-length 512 --images 0, 0",
    "qwen2_5_vl, --sequence-length 128, 0",
    "llama, --sequence-length 512, 0",
  })
  void a_size_alone_is_one_image_where_a_model_reads_it_and_has_room(
      String type, String flags, int images) {
    ModelConfig config =
        type.equals("llama")
            ? new ModelConfig("config.json", Estimates.config(type, Map.of()))
            : new ModelConfig("config.json", Estimates.config(type, Configs.TOWER));
    JobDocument job = Jobs.of(flags + " --image-size 448,448").withFound(config);

    assertThat(JobResolver.resolve(job).job().batch().images().count()).isEqualTo(images);
  }

  @Test
  void more_images_need_more() {
    String job = "--method full --sequence-length 1024 --image-size 448,448 --images ";
    long one = Estimates.of(QWEN, job + 1).allocatedBytes();
    assertThat(Estimates.of(QWEN, job + 3).allocatedBytes()).isGreaterThan(one);
  }

  private static Architecture model(String type) {
    return Estimates.model(type, Configs.TOWER);
  }
}
