package dev.vramcast.core.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.units.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdpaCardTest {

  @ParameterizedTest
  @CsvSource({
    "7.0, 2.1, 0",
    "7.5, 2.1, 64",
    "7.5, 2.2, 0",
    "8.0, 2.1, 128",
    "8.6, 2.1, 64",
    "8.6, 2.2, 256",
    "9.0, 2.1, 128",
    "9.0, 2.13, 256",
    "12.0, 2.8, 256",
  })
  void heads_that_flash_attention_trains_depend_on_card_and_release(
      String card, String torch, int expected) {
    Capability capability = Capability.parse(card).orElseThrow();

    assertThat(SdpaCard.of(false, capability, Version.parse(torch)).flashHeads())
        .isEqualTo(expected);
  }
}
