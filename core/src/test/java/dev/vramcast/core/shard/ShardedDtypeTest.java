package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedDtypeTest {

  /**
   * accelerate's fsdp2_prepare_model, whose loop of 1.13 assigns to its own variable, and
   * prepare_model; Axolotl and llama-recipes have others.
   */
  @ParameterizedTest
  @CsvSource({
    "transformers, --method full --strategy fsdp2 --precision bf16-mixed --accelerate 1.15.0, true",
    "transformers, --method full --strategy fsdp2 --precision bf16-mixed --accelerate 1.13, false",
    "transformers, --method full --strategy fsdp2 --precision bf16-mixed --accelerate 1.12.0, true",
    "transformers, --method full --strategy fsdp1 --precision bf16-mixed, true",
    "transformers, --method full --strategy fsdp2 --precision bf16, false",
    "transformers, --method full --strategy ddp --precision bf16-mixed, false",
    "transformers, --method lora --strategy fsdp2 --precision bf16-mixed, false",
    "axolotl, --method full --strategy fsdp2 --precision bf16-mixed, false",
    "llama-recipes, --method full --strategy fsdp1 --precision bf16-mixed, false",
  })
  void what_was_loaded_in_16_bits_is_fp32_in_accelerates_shards(
      String framework, String flags, boolean widens) {
    String all = "--framework " + framework + " --count 2 --model-dtype bf16 " + flags;
    long loaded = Estimates.of(Estimates.llama(false), all).residentBytes(true);
    long wide =
        Estimates.of(Estimates.llama(false), all.replace("-dtype bf16", "-dtype fp32"))
            .residentBytes(true);

    assertThat(loaded == wide).isEqualTo(widens);
  }
}
