package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.trace.replay.program.Loading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {

  private static final Architecture LLAMA = Estimates.llama(false);

  private static final long WHOLE = 2 * Tensors.count(LLAMA);

  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "4.49, false",
    "4.50, true",
    "4.57, true",
    "5.0, false",
  })
  void only_some_releases_take_half_of_a_model_that_they_quantise(String release, boolean takes) {
    Loading loading = loading("--method qlora --transformers " + release, 100 * GIB);

    assertThat(loading.warmUp()).isEqualTo(takes ? WHOLE / 2 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "--method lora",
    "--method full",
    "--method qlora --strategy fsdp2 --count 2",
  })
  void what_is_not_quantised_as_it_is_put_on_the_gpu_fills_the_piece(String flags) {
    assertThat(loading(flags + " --transformers 4.57", 100 * GIB)).isEqualTo(Loading.PLAIN);
  }

  @ParameterizedTest
  @CsvSource({"1308490188, 10000000", "1000000000, 0"})
  void a_small_card_keeps_something_free(long room, long piece) {
    assertThat(loading("--method qlora --transformers 4.57", room).warmUp()).isEqualTo(piece);
  }

  @ParameterizedTest
  @CsvSource({"--model-dtype fp16, true", "--model-dtype bf16, false"})
  void weights_are_cast_where_they_were_published_in_another_dtype(String flags, boolean casts) {
    Loading loading = loading("--method qlora --transformers 4.57 " + flags, 100 * GIB);

    assertThat(loading.casts()).isEqualTo(casts);
  }

  @ParameterizedTest
  @CsvSource({"0.19, true", "0.20, false"})
  void peft_emptied_no_cache_after_it_had_made_weights_fp32_before_0_20(
      String release, boolean leaves) {
    Loading loading = loading("--method qlora --kbit-prepare true --peft " + release, 100 * GIB);

    assertThat(loading.widens()).isEqualTo(leaves);
  }

  private static Loading loading(String flags, long room) {
    return WarmUp.of(LLAMA, Estimates.job(flags), () -> room);
  }
}
