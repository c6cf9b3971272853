package dev.vramcast.core.architecture.family.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.vision.ConvNet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The network of Gemma 3n, against what timm 1.0.31 makes. */
class MobileNetV5Test {

  private static final ConvNet NET = MobileNetV5.read("net");

  @Test
  void it_has_the_parameters_that_timm_gives_it() {
    List<ParameterTensor> tensors = NET.tensors();

    assertThat(tensors).hasSize(548);
    assertThat(tensors.stream().mapToLong(ParameterTensor::count).sum()).isEqualTo(294_126_912);
  }

  @Test
  void they_have_its_names_and_shapes() {
    assertThat(shape("conv_stem.conv.bias")).containsExactly(64L);
    assertThat(shape("blocks.0.0.conv_exp.weight")).containsExactly(256L, 64L, 3L, 3L);
    assertThat(shape("blocks.1.0.dw_mid.conv.weight")).containsExactly(768L, 1L, 5L, 5L);
    assertThat(shape("blocks.2.9.attn.key.down_conv.weight")).containsExactly(640L, 1L, 3L, 3L);
    assertThat(shape("blocks.3.1.attn.query.proj.weight")).containsExactly(1536L, 1280L, 1L, 1L);
    assertThat(shape("msfa.ffn.pw_exp.conv.weight")).containsExactly(3840L, 1920L, 1L, 1L);
  }

  @Test
  void an_image_becomes_256_cells_of_48_by_48_places() {
    assertThat(NET.cells()).isEqualTo(16);
    assertThat(NET.fusion().steps().get(0).from()).isEqualTo(48);
  }

  @Test
  void a_step_that_leaves_pixels_out_fills_its_sides_up_in_a_tensor_of_its_own() {
    assertThat(NET.stem().to()).isEqualTo(384);
    assertThat(NET.stem().filled()).isEqualTo(769);
  }

  @Test
  void keys_of_the_third_stage_are_a_fourth_of_its_queries() {
    ConvNet.Attending attending = (ConvNet.Attending) NET.stages().get(2).blocks().get(9);

    assertThat(attending.queries()).isEqualTo(2304);
    assertThat(attending.keys()).isEqualTo(576);
  }

  private static List<Long> shape(String name) {
    return NET.tensors().stream()
        .filter(each -> each.name().equals("net." + name))
        .findFirst()
        .orElseThrow()
        .shape();
  }
}
