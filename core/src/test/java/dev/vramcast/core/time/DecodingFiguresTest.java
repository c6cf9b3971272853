package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokens a second of one sequence of Qwen2.5 on an A100 of 80 GB, as QwenLM/Qwen2.5 f4d356c has
 * them (docs/source/getting_started/speed_benchmark.rst, bf16, input length 1): by vLLM 0.6.3 and
 * by Transformers 4.46. A run here makes two at once.
 */
class DecodingFiguresTest {

  private static final Gpu A100 = Times.card("A100", "8.0", 312, 2039, "NVLink");

  private static final String JOB =
      "--stage grpo --method full --framework trl --micro-batch 1 --grad-accum 2 --group-size 2"
          + " --model-dtype bf16 --precision bf16 --beta 0 --sequence-length 2049"
          + " --prompt-length 1 --completion-length 2048 --completion-mean 2048 ";

  private static double tokensPerSecond(
      int hidden, int layers, int heads, int keys, int inner, String engine) {
    Map<String, Object> sizes =
        Map.of(
            "hidden_size", hidden,
            "intermediate_size", inner,
            "num_hidden_layers", layers,
            "num_attention_heads", heads,
            "num_key_value_heads", keys,
            "vocab_size", hidden > 3000 ? 152_064 : 151_936);
    Architecture model = Times.model("qwen2", sizes);
    return 2048 / Seconds.of(Times.estimate(model, A100, JOB + engine).parts().generation());
  }

  @ParameterizedTest(name = "{index}: {5} tokens/s")
  @CsvSource({
    "896, 24, 14, 2, 4864, 311.55",
    "1536, 28, 12, 2, 8960, 183.33",
    "2048, 36, 16, 2, 11008, 127.61",
    "3584, 28, 28, 4, 18944, 84.28",
    "5120, 48, 40, 8, 13824, 46.30",
    "5120, 64, 40, 8, 27648, 22.13",
  })
  void an_engine_is_as_fast_as_published_within_a_fifth(
      int hidden, int layers, int heads, int keys, int inner, double published) {
    String engine = "--engine vllm-server --engine-gpus 1 --engine-memory-fraction 0.9";
    assertThat(tokensPerSecond(hidden, layers, heads, keys, inner, engine))
        .isCloseTo(published, withinPercentage(20));
  }

  @ParameterizedTest(name = "{index}: {5} tokens/s")
  @CsvSource({
    "896, 24, 14, 2, 4864, 47.40",
    "1536, 28, 12, 2, 8960, 39.68",
    "2048, 36, 16, 2, 11008, 30.80",
    "3584, 28, 28, 4, 18944, 40.38",
    "5120, 48, 40, 8, 13824, 24.74",
    "5120, 64, 40, 8, 27648, 17.54",
  })
  void transformers_is_as_fast_as_published_within_an_eighth(
      int hidden, int layers, int heads, int keys, int inner, double published) {
    assertThat(tokensPerSecond(hidden, layers, heads, keys, inner, "--engine transformers"))
        .isCloseTo(published, withinPercentage(12.5));
  }
}
