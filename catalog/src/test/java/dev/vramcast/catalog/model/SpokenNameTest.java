package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenNameTest {

  private final ModelCatalog catalog = ModelCatalog.embedded();

  @ParameterizedTest
  @CsvSource({
    "Llama 3.1 8B, llama-3.1-8b",
    "llama3.1 8b instruct, llama-3.1-8b",
    "LLAMA-3.1 8B, llama-3.1-8b",
    "gpt-oss 20b, gpt-oss-20b",
    "GPT OSS 120B, gpt-oss-120b",
    "qwen 2.5 7b, qwen2.5-7b",
    "Qwen3 30B A3B, qwen3-30b-a3b"
  })
  void what_people_say_is_one_model_where_it_has_the_very_words(String said, String name) {
    assertThat(catalog.spoken(said)).containsExactly(name);
  }

  @ParameterizedTest
  @CsvSource({
    "InternVL 2.5 8B, internvl2-8b",
    "internlm 2.5 7b, internlm2-7b",
    "internlm2.5-20b-chat, internlm2-20b",
    "InternVL3.5 8B, internvl3.5-8b",
  })
  void a_low_line_between_numbers_is_a_dot(String said, String name) {
    assertThat(catalog.spoken(said)).hasSize(1);
    assertThat(catalog.find(catalog.spoken(said).get(0))).map(ModelEntry::name).contains(name);
  }

  @Test
  void of_a_family_and_a_size_only_versions_are_asked_about() {
    assertThat(catalog.spoken("Mistral 7B"))
        .containsExactly("mistral-7b-v0.1", "mistral-7b-v0.2", "mistral-7b-v0.3");
    assertThat(catalog.spoken("llama 8b")).containsExactlyInAnyOrder("llama-3-8b", "llama-3.1-8b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek r1 distill", "r1 distill", "deepseek distill"})
  void several_are_also_those_that_go_by_the_words_in_the_shape_of_another_model(String said) {
    assertThat(catalog.spoken(said))
        .contains("deepseek-r1-distill-qwen-14b")
        .contains("deepseek-r1-distill-llama-8b", "deepseek-r1-distill-llama-70b");
  }

  @ParameterizedTest
  @CsvSource({
    "can I fine-tune qwen3 8b on my 3060, qwen3 8b",
    "gemma 3 12b with 32k tokens, gemma 3 12b",
    "qwen3 8b lora, qwen3 8b",
    "granite 4 small lora, granite 4 small",
    "open coder 1.5b on a T4, open coder 1.5b",
  })
  void a_sentence_has_the_name_of_a_model_within_it(String sentence, String name) {
    assertThat(catalog.spokenWithin(sentence)).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "how large",
        "a b c d e f g h i j k l qwen3 8b",
        "of x",
        "a 7b model",
        "small lora"
      })
  void a_sentence_without_one_or_too_long_has_none(String sentence) {
    assertThat(catalog.spokenWithin(sentence)).isEmpty();
  }

  @Test
  void a_sentence_may_name_several() {
    assertThat(catalog.spokenWithin("llama 3.1 8b vs qwen3 8b"))
        .containsExactly("llama 3.1 8b", "qwen3 8b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"phi 4 multimodal", "phi 4 multimodal lora", "llama 3.1 24b lora"})
  void a_name_is_none_where_a_word_of_a_model_is_left(String sentence) {
    assertThat(catalog.spokenWithin(sentence)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "granite 4 small, granite-4.0-h-small",
    "granite 4 h tiny, granite-4.0-h-tiny",
    "open coder 1.5b, opencoder-1.5b",
  })
  void a_zero_may_be_left_out_and_words_be_written_apart(String said, String name) {
    assertThat(catalog.spokenLoosely(said)).containsExactly(name);
    assertThat(catalog.leftOut(said, name)).isEmpty();
  }

  @Test
  void a_number_without_its_second_part_is_any_of_that_number() {
    assertThat(catalog.spokenLoosely("granite 3 8b"))
        .containsExactlyInAnyOrder("granite-3.0-8b", "granite-3.1-8b", "granite-3.3-8b");
  }

  @ParameterizedTest
  @CsvSource({"mixtral 8x22b v0.1, mixtral-8x22b", "llava next 34b, llava-1.6-34b"})
  void blanks_find_what_hyphens_find(String said, String name) {
    assertThat(catalog.find(said.replace(' ', '-'))).map(ModelEntry::name).contains(name);
    assertThat(catalog.spoken(said))
        .singleElement()
        .satisfies(spoken -> assertThat(catalog.find(spoken).orElseThrow().name()).isEqualTo(name));
  }

  @Test
  void one_name_with_these_words_and_others_that_begin_so_are_several() {
    assertThat(catalog.spoken("aya 23")).containsExactly("aya-23-35b", "aya-23-8b");
    assertThat(catalog.spoken("llava next 7b"))
        .contains("llava-next-video-7b", "llava-next-vicuna-7b", "llava-next-mistral-7b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_model", "lora", "base model"})
  void what_training_makes_of_any_model_names_none(String said) {
    assertThat(catalog.spokenLoosely(said)).isEmpty();
  }

  @Test
  void of_several_those_that_begin_so_come_first_and_of_these_the_usual() {
    assertThat(catalog.spoken("llama 4").get(0)).startsWith("llama-4-");
    assertThat(catalog.spoken("llama").get(0)).isEqualTo("llama-2-13b");
    assertThat(catalog.spoken("7b").subList(0, 2)).contains("qwen2.5-7b");
  }

  @ParameterizedTest
  @CsvSource({
    "llama3.1:8b-instruct-q4_K_M, llama3.1:8b-instruct",
    "hf.co/a/Qwen2.5-7B-Instruct-GGUF:IQ4_XS, hf.co/a/Qwen2.5-7B-Instruct",
    "unsloth/Qwen3-8B-GGUF:UD-IQ2_XXS, unsloth/Qwen3-8B",
    "somebody/Qwen3-8B-Q4_K_M-GGUF, somebody/Qwen3-8B",
    "google/gemma-3-27b-it-qat-q4_0-gguf, google/gemma-3-27b-it",
    "gpt-oss:20b-mxfp4, gpt-oss:20b",
    "qwen3-8b-tq1_0, qwen3-8b",
    "gemma3:27b-it-qat, gemma3:27b-it",
  })
  void how_a_copy_is_quantised_to_be_run_is_no_part_of_its_name(String said, String name) {
    assertThat(GgufTag.of(said)).hasValue(new GgufTag(name, true));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3:8b-fp16, qwen3:8b",
    "qwen3:8b-bf16, qwen3:8b",
    "unsloth/Qwen3-8B-GGUF:BF16, unsloth/Qwen3-8B",
    "somebody/Qwen3-8B-F16-GGUF, somebody/Qwen3-8B",
  })
  void weights_in_16_bits_are_not_quantised(String said, String name) {
    assertThat(GgufTag.of(said)).hasValue(new GgufTag(name, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2.5-7b",
        "phi-4",
        "q4_K_M",
        "gpt-oss-20b",
        "Qwen/Qwen3-8B-FP8",
        "mine/qwen3-8b-q2",
        "https://huggingface.co/mine/qwen3-8b-q2",
        "TheBloke/Llama-2-7B-fp16"
      })
  void a_name_without_such_a_word_and_a_repository_of_its_own_name_are_left(String name) {
    assertThat(GgufTag.of(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Qwen 14B", "llama 8b", "llama8b", "mistral7b", "gemma"})
  void what_several_are_called_is_all_of_them(String said) {
    assertThat(catalog.spoken(said)).hasSizeGreaterThan(1).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen3.6 35B, qwen3.5-35b-a3b",
    "qwen2.5-coder 7b instruct, qwen2.5-7b-instruct",
    "GLM 4.6, glm-4.7",
    "Zephyr 7B beta, mistral-7b-v0.1",
    "hermes 3 8b, llama-3.1-8b",
    "vicuna 7b, llama-2-7b"
  })
  void what_people_call_another_repository_is_the_model_of_its_shape(String said, String name) {
    assertThat(catalog.spoken(said))
        .singleElement()
        .satisfies(spoken -> assertThat(catalog.find(spoken).orElseThrow().name()).isEqualTo(name));
  }

  @ParameterizedTest
  @CsvSource({
    "llama 3.1 8b, meta-llama/Llama-3.1-8B",
    "Llama 3.1 8B instruct, meta-llama/Llama-3.1-8B-Instruct",
    "qwen2.5 7b instruct, Qwen/Qwen2.5-7B-Instruct"
  })
  void words_mean_the_repository_that_has_most_of_them(String said, String repository) {
    ModelEntry entry = catalog.find(catalog.spoken(said).get(0)).orElseThrow();

    assertThat(catalog.repository(entry, said)).isEqualTo(repository);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Llama-3.1 8b 4bit", "llama 3.1 8B 4-bit", "Llama 3.1 8B 4 bits"})
  void how_weights_are_stored_is_beside_the_name(String said) {
    assertThat(catalog.spoken(said))
        .isNotEmpty()
        .allSatisfy(
            name -> assertThat(catalog.find(name).orElseThrow().name()).isEqualTo("llama-3.1-8b"));
  }

  @Test
  void a_hub_id_and_other_words_are_no_such_name() {
    assertThat(catalog.spoken("somebody/llama 8b")).isEmpty();
    assertThat(catalog.spoken("no such model")).isEmpty();
    assertThat(catalog.spoken("x".repeat(10_000))).isEmpty();
  }
}
