package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSizesTest {

  private static Object axolotl(String size) {
    String file = "base_model: a/b\ndatasets: []\nmicro_batch_size: 1\nimage_size: " + size;
    return value(of("a.yml", file), JobKey.IMAGE_SIZE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"512|512|512", "[640, 480]|640|480"})
  void axolotl_makes_images_a_square_or_as_large_as_is_said(String said, int width, int height) {
    assertThat(axolotl(said)).isEqualTo(List.of(width, height));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "large", "0", "[1, 2, 3]", "[]"})
  void what_is_no_size_is_none(String said) {
    assertThat(axolotl(said)).isNull();
  }

  @Test
  void the_most_pixels_are_those_of_a_square() {
    String llamaFactory =
        "model_name_or_path: a/b\nstage: sft\nfinetuning_type: lora\nimage_max_pixels: 262144\n";
    String swift = "swift sft --model a/b --max_length 64 --max_pixels 1003520";

    assertThat(value(of("a.yaml", llamaFactory), JobKey.IMAGE_SIZE)).isEqualTo(List.of(512, 512));
    assertThat(value(of("a.sh", swift), JobKey.IMAGE_SIZE)).isEqualTo(List.of(1001, 1001));
  }
}
