package dev.vramcast.core.module.linear.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationAdapterTest {

  /** By hand: the nearest divisor, the lower of two that are equally near. */
  @ParameterizedTest
  @CsvSource({
    "4096, 32, 32",
    "960, 64, 64",
    "960, 56, 60",
    "2560, 48, 40",
    "11008, 48, 43",
    "24, 32, 24"
  })
  void a_block_is_as_large_as_divides_the_features(long features, long wanted, long block) {
    assertThat(RotationAdapter.blockSize(features, wanted)).isEqualTo(block);
  }

  private static RankEstimate estimate(String flags) {
    return Estimates.of(
        Estimates.llama(false), "--method oft --targets q_proj --sequence-length 512 " + flags);
  }

  /** Of 2 layers with 1024 features, in fp32: 32 triangles of 496 elements, or 16 of 2016. */
  @ParameterizedTest
  @CsvSource({"32, 126976", "64, 258048"})
  void triangles_are_what_is_trained(int block, long bytes) {
    assertThat(estimate("--block-size " + block).breakdown())
        .containsEntry(Category.ADAPTERS, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework litgpt, method oft under a framework.name",
    "--framework transformers --peft 0.15.2, method oft of framework.peft before 0.16",
    "--quantization gptq-int4 --peft 0.20 --precision bf16, model.quantization.scheme gptq-int4",
    "--targets embed_tokens, 'method oft on the embedding model.embed_tokens'",
  })
  void other_code_is_not_modelled(String flags, String gap) {
    assertThatThrownBy(() -> estimate(flags)).hasMessageContaining(gap);
  }

  /** Around a base of any kind they are the same, and only that is smaller. */
  @ParameterizedTest
  @CsvSource({
    "gptq-int4 --peft 0.21",
    "gptq-int8 --peft 0.21",
    "awq-int4",
    "awq-int4 --peft 0.18",
    "gptq-int4 --peft 0.18 --precision bf16-mixed"
  })
  void a_packed_base_is_turned_like_a_plain_one(String base) {
    RankEstimate packed = estimate("--quantization " + base);
    RankEstimate plain = estimate("");

    assertThat(packed.breakdown().get(Category.ADAPTERS))
        .isEqualTo(plain.breakdown().get(Category.ADAPTERS));
    assertThat(packed.breakdown().get(Category.WEIGHTS))
        .isLessThan(plain.breakdown().get(Category.WEIGHTS));
  }

  @Test
  void what_rotations_have_not_is_ignored() {
    assertThat(estimate("--rank 64 --dropout 0.1").allocatedBytes())
        .isEqualTo(estimate("").allocatedBytes());
  }
}
