package dev.vramcast.core.job.document;

import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Words that people give to a key which has no such value: those that may mean several of its
 * values, of which one has to be chosen, and those that are values of another key.
 */
final class SpokenWords {

  /** Letters of a word that may be the beginning of one that is meant. */
  private static final int LEAST_BEGINNING = 3;

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

  /** Keys that people take for each other. */
  private static final Map<JobKey, List<JobKey>> TAKEN_FOR =
      Map.of(
          JobKey.METHOD, List.of(JobKey.STAGE),
          JobKey.STAGE, List.of(JobKey.METHOD),
          JobKey.PRECISION, List.of(JobKey.TRAINING_SCHEME, JobKey.QUANTIZATION_SCHEME));

  /** Which no number of ranks is: {@code 8k}. */
  private static final Pattern LENGTH = Pattern.compile("\\d+(\\.\\d+)?\\s*[kK]");

  private SpokenWords() {}

  /**
   * The values to choose from that a word is said for, or is the beginning of, such as {@code
   * fsdp}; one alone where it is but a letter longer.
   */
  static List<String> meant(JobKey key, String word) {
    List<String> several = values(key, word);
    String start = word.toLowerCase(Locale.ROOT);
    if (!several.isEmpty() || start.length() < LEAST_BEGINNING) {
      return several;
    }
    List<String> begun =
        key.kind().words().stream().filter(each -> each.startsWith(start)).toList();
    List<String> slips =
        begun.stream().filter(each -> each.length() == start.length() + 1).toList();
    return slips.size() == 1 ? slips : begun;
  }

  /** The values that a word is said for; none where it means no several. */
  private static List<String> values(JobKey key, String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    return WORDS.getOrDefault(key, Map.of()).getOrDefault(plain, List.of());
  }

  /**
   * What to give in place of what is a value of another key, such as {@code sft}, which is a stage,
   * as a method; empty where it is none.
   *
   * @param place where it stands: in a file, keys are called as they are there
   */
  static Optional<Phrase> elsewhere(JobKey key, Object value, Place place) {
    if (!(value instanceof String word)) {
      return Optional.empty();
    }
    if (key == JobKey.CONTEXT && LENGTH.matcher(word.strip()).matches()) {
      return Optional.of(
          Phrase.of("it is of ranks; a length is ")
              .and(given(JobKey.SEQUENCE_LENGTH, word.strip(), place)));
    }
    Optional<OptimizerWords.StandIn> instead = OptimizerWords.instead(key, word);
    if (instead.isPresent()) {
      String label = instead.get().meaning().name().label();
      return Optional.of(
          Phrase.of("training files that name it are ", instead.get().reason(), "; to give that: ")
              .and(given(key, label, place)));
    }
    return TAKEN_FOR.getOrDefault(key, List.of()).stream()
        .filter(other -> has(other, word))
        .findFirst()
        .map(other -> Phrase.of("to give that: ").and(given(other, word.strip(), place)));
  }

  private static Phrase given(JobKey key, String word, Place place) {
    return place instanceof Place.Line
        ? Phrase.of(key.path() + ": " + word)
        : Phrase.of(key, " ", word);
  }

  /** Whether a word is one of a key's values that says something, however it is written. */
  static boolean has(JobKey key, String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT);
    boolean stage = key == JobKey.STAGE && StageWords.find(word).isPresent();
    return stage || !plain.equals("none") && key.kind().words().contains(plain);
  }
}
