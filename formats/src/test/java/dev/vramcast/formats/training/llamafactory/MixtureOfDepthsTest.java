package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

/** A package that runs under no release which LLaMA-Factory allows now. */
class MixtureOfDepthsTest {

  private static Reading with(String text) {
    return of("a.yaml", "model_name_or_path: a/b\nstage: sft\nfinetuning_type: full\n" + text);
  }

  /** Releases whose Transformers MoD ran under are told by a version. */
  @Test
  void mixture_of_depths_stops_where_its_package_does() {
    assertThatThrownBy(() -> with("mixture_of_depths: convert"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "mixture_of_depths is 'convert', but MoD 1.2.0 stops in the first pass");
    assertThat(with("mixture_of_depths: null").notModelled()).isEmpty();
  }
}
