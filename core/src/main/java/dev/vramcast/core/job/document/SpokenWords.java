package dev.vramcast.core.job.document;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Words that people use for several values of a key, of which one has to be chosen. */
final class SpokenWords {

  private static final List<String> FINE_TUNED = List.of("full", "lora", "qlora");
  private static final List<String> ADAPTED = List.of("lora", "qlora", "dora");
  private static final List<String> FOUR_BITS = List.of("nf4", "fp4", "gptq-int4", "awq-int4");
  private static final List<String> EIGHT_BITS = List.of("int8", "fp8", "gptq-int8");

  private static final List<String> TO_HOST = List.of("parameters", "optimizer", "activations");

  private static final List<String> REINFORCED = List.of("grpo", "rloo", "ppo");

  private static final Map<JobKey, Map<String, List<String>>> WORDS =
      Map.of(
          JobKey.METHOD,
          Map.of("finetune", FINE_TUNED, "finetuning", FINE_TUNED, "peft", ADAPTED),
          JobKey.QUANTIZATION_SCHEME,
          Map.of("4bit", FOUR_BITS, "int4", FOUR_BITS, "8bit", EIGHT_BITS),
          JobKey.ENGINE,
          Map.of(
              "colocate", List.of("vllm-colocate", "sglang-colocate"),
              "server", List.of("vllm-server", "sglang-server")),
          JobKey.STAGE,
          Map.of("rl", REINFORCED, "rlhf", List.of("ppo", "grpo", "rloo", "dpo")),
          JobKey.OFFLOAD,
          Map.of("cpu", TO_HOST, "host", TO_HOST, "all", TO_HOST, "true", TO_HOST),
          JobKey.STRATEGY,
          Map.of("deepspeed", List.of("zero1", "zero2", "zero3")));

  private SpokenWords() {}

  /** The values that a word may mean; none where it means no several. */
  static List<String> values(JobKey key, String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    return WORDS.getOrDefault(key, Map.of()).getOrDefault(plain, List.of());
  }
}
