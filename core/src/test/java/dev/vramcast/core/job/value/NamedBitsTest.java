package dev.vramcast.core.job.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.option.QuantizationScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "hugging-quants/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4, GPTQ_INT4",
    "TheBloke/Llama-2-7B-GPTQ, GPTQ_INT4",
    "Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8, GPTQ_INT8",
    "TheBloke/Mistral-7B-v0.1-AWQ, AWQ_INT4",
  })
  void a_name_says_by_which_other_library_weights_are_quantised(
      String name, QuantizationScheme scheme) {
    assertThat(NamedBits.scheme(name)).hasValue(scheme);
  }

  @Test
  void other_names_say_no_scheme() {
    assertThat(NamedBits.scheme("meta-llama/Llama-3.1-8B")).isEmpty();
    assertThat(NamedBits.scheme("unsloth/Llama-3.2-1B-unsloth-bnb-4bit")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "unsloth/Qwen3-8B-bnb-8bit, true",
    "unsloth/Qwen3-8B-unsloth-bnb-4bit, true",
    "a/llama-bnb-nf4-bf16, true",
    "a/llama_BitsAndBytes_4bit, true",
    "mlx-community/Qwen3-8B-4bit, false",
    "a/llama-4bit, false",
    "a/bnb, false",
  })
  void blocks_are_bitsandbytes_where_the_name_says_it_and_not_only_the_bits(
      String name, boolean blocks) {
    assertThat(NamedBits.areBlocks(name)).isEqualTo(blocks);
  }
}
