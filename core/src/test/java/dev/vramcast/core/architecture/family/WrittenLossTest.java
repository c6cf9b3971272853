package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenLossTest {

  /**
   * Columns: whether it cuts logits off, takes them out by a mask, makes them fp32, and does not.
   */
  @ParameterizedTest
  @CsvSource({
    "qwen2_5_vl, 4.51.3, true, false, true, false",
    "qwen2_5_vl, 4.52.0, false, false, false, false",
    "idefics3, 4.50.3, false, true, true, false",
    "llava, 4.45.2, false, true, true, false",
    "llava, 4.46.3, false, true, true, true",
    "llava, 4.50.3, false, true, true, true",
    "llava, 4.52.0, false, false, false, false",
    "mistral3, 4.50.3, false, true, true, true",
  })
  void models_that_read_images_wrote_their_loss_out_until_4_52(
      String type, String version, boolean cuts, boolean byMask, boolean widens, boolean narrow) {
    LossTraits loss = of(type, "llama");

    assertThat(holds(loss.cutsLogits(), version)).isEqualTo(cuts);
    assertThat(holds(loss.shiftsByMask(), version)).isEqualTo(byMask);
    assertThat(holds(loss.upcastsInModel(), version)).isEqualTo(widens);
    assertThat(holds(loss.inOwnDtype(), version)).isEqualTo(narrow);
  }

  @Test
  void a_language_model_with_a_head_holds_its_logits_until_the_model_above_returns() {
    LossTraits loss = of("paligemma", "gemma");

    assertThat(holds(loss.holdsNarrow(), "4.45.2")).isFalse();
    assertThat(holds(loss.holdsNarrow(), "4.51.3")).isTrue();
    assertThat(holds(loss.holdsNarrow(), "4.52.0")).isFalse();
  }

  @Test
  void others_do_as_their_text_models_but_that_the_trainer_does_not_know_them_as_causal() {
    LossTraits text = Configs.read("llama small").traits().loss();

    assertThat(of("voxtral", "llama")).isEqualTo(text.causal(false));
  }

  private static LossTraits of(String type, String text) {
    return Configs.read(type + " text_config={ model_type=" + text + " small }").traits().loss();
  }

  private static boolean holds(Versions versions, String version) {
    return versions.contains(Version.parse(version));
  }
}
