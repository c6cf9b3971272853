package dev.vramcast.core.job.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedBitsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit",
        "unsloth/Llama-3.2-1B-unsloth-bnb-4bit",
        "axolotl-quants/DeepSeek-V2.5-bnb-nf4-bf16",
        "models/some-4bit/",
        "Llama-3.1 8b 4bit",
        "llama 3.1 8B 4-bit"
      })
  void a_name_that_ends_in_four_bits_says_how_weights_are_stored(String name) {
    assertThat(NamedBits.areFour(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meta-llama/Llama-3.1-8B",
        "unsloth/llama-3-8b-bnb-8bit",
        "TheBloke/Llama-2-7B-GPTQ-4bit",
        "somebody/14bit",
        "4bit-models/llama"
      })
  void others_do_not(String name) {
    assertThat(NamedBits.areFour(name)).isFalse();
  }
}
