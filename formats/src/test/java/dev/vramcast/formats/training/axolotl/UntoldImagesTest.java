package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.api.Test;

class UntoldImagesTest {

  private static final String TEXT =
      "base_model: a/b\nsequence_len: 64\nprocessor_type: AutoProcessor\n";

  @Test
  void images_that_a_processor_brings_are_said() {
    assertThat(keys(of("a.yml", TEXT), FindingCode.NOT_COUNTED)).contains("processor_type");
  }

  @Test
  void a_size_of_theirs_counts_one_of_them() {
    assertThat(of("a.yml", TEXT + "image_size: 448\n").findings())
        .noneMatch(found -> found.key().equals("processor_type"));
  }
}
