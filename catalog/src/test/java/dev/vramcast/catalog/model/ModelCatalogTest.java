package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Notice;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogTest {

  private final ModelCatalog catalog = ModelCatalog.embedded();

  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, llama-3.1-8b",
    "Llama-3.1-8B, llama-3.1-8b",
    "meta-llama/Llama-3.1-8B-Instruct, llama-3.1-8b",
    "META-LLAMA/llama-3.1-8b-instruct, llama-3.1-8b",
    "qwen2.5-7b-instruct, qwen2.5-7b-instruct",
    "Qwen/Qwen2.5-7B, qwen2.5-7b",
    "unsloth/llama-3-8b-bnb-4bit, llama-3-8b",
    "NousResearch/Meta-Llama-3-8B, llama-3-8b",
    "Gemma-2-9b, gemma-2-9b",
    "llava-hf/llava-v1.6-mistral-7b-hf, llava-1.6-mistral-7b",
    "Qwen/Qwen2-57B-A14B-Instruct, qwen2-57b-a14b",
    "open-r1/OlympicCoder-32B, qwen2.5-32b-instruct",
    "hfl/chinese-alpaca-2-7b, chinese-alpaca-2-7b",
    "Gemma-2-2b, gemma-2-2b",
    "Mistral-7B-v0.1, mistral-7b-v0.1",
    "Mixtral-8x7B, mixtral-8x7b",
    "Phi-4, phi-4",
    "unsloth/Phi-4, phi-4-llama",
    "gpt2, gpt2",
    "openai-community/gpt2-xl, gpt2-xl",
    "google-bert/bert-large-uncased, bert-large-uncased",
  })
  void finds_names_aliases_and_hub_ids_in_any_case(String text, String name) {
    assertThat(catalog.find(text)).map(ModelEntry::name).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama-3.1-8b", "qwen2.5-14b", "qwen2.5-32b", "llama-3.1-70b", "qwen3-30b-a3b"})
  void knows_one_model_of_each_common_size(String name) {
    assertThat(catalog.find(name)).map(ModelEntry::name).contains(name);
  }

  @Test
  void tells_tokenizer_variants_of_one_architecture_apart() {
    assertThat(vocabulary("mistral-7b-v0.1")).isEqualTo(32000);
    assertThat(vocabulary("mistral-7b-v0.3")).isEqualTo(32768);
    assertThat(vocabulary("HuggingFaceH4/zephyr-orpo-141b-A35b-v0.1")).isEqualTo(32000);
    assertThat(vocabulary("teknium/OpenHermes-2.5-Mistral-7B")).isEqualTo(32002);
    assertThat(vocabulary("canopylabs/orpheus-3b-0.1-ft")).isEqualTo(156940);
    assertThat(vocabulary("cognitivecomputations/dolphin-2.6-mistral-7b")).isEqualTo(32001);
    assertThat(vocabulary("allenai/Llama-3.1-Tulu-3-8B-SFT")).isEqualTo(128264);
    assertThat(vocabulary("ibm-granite/granite-3.1-8b-base")).isEqualTo(49152);
    assertThat(vocabulary("ibm-granite/granite-3.1-8b-instruct")).isEqualTo(49155);
  }

  @ParameterizedTest
  @CsvSource({
    "google/gemma-2-9b, float32",
    "google/gemma-2-9b-it, bfloat16",
    "thenlper/gte-base, float16",
    "JackFram/llama-160m, float32",
    "gpt2, float32",
    "EleutherAI/gpt-j-6b, float32",
    "bigcode/starcoder, float32",
    "google-bert/bert-base-uncased, float32",
    "facebook/opt-1.3b, float16",
    "ibm-granite/granite-3.0-2b-base, float32",
    "ibm-granite/granite-3.1-2b-base, bfloat16",
  })
  void tells_models_stored_in_other_dtypes_apart(String id, String dtype) {
    assertThat(catalog.find(id).orElseThrow().config().values())
        .containsEntry("torch_dtype", dtype);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grammarly/coedit-large",
        "meta-llama/Llama-Guard-3-1B",
        "nyrahealth/CrisperWhisper",
        "unsloth/Phi-3-mini-4k-instruct-v0",
      })
  void knows_no_tuned_model_whose_vocabulary_or_layout_is_another(String id) {
    assertThat(catalog.find(id)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TheBloke/Mistral-7B-v0.1-AWQ, mistral-7b-v0.1",
    "somebody/Qwen2.5-7B-Instruct-GPTQ-Int4, qwen2.5-7b-instruct",
    "unsloth/Qwen3-32B-unsloth-bnb-4bit, qwen3-32b",
    "RedHatAI/Qwen3-8B-FP8-dynamic, qwen3-8b",
    "qwen3-0.6b-bf16, qwen3-0.6b",
    "somebody/Llama-3.1-8B, llama-3.1-8b",
    "mlx-community/Qwen3-4B-4bit-DWQ, qwen3-4b",
    "mlx-community/Qwen3-4B-6bit, qwen3-4b",
    "lmstudio-community/Qwen3-8B-MLX-4bit, qwen3-8b",
    "01-ai/Yi-34B-Chat-4bits, yi-34b",
    "mlx-community/gemma-3-12b-it-qat-4bit, gemma-3-12b",
    "mlx-community/gpt-oss-20b-MXFP4-Q4, gpt-oss-20b",
    "ModelCloud/Qwen2.5-7B-Instruct-gptqmodel-4bit, qwen2.5-7b-instruct",
    "unsloth/Llama-3.1-8B-Instruct-FP8-Block, llama-3.1-8b",
    "nvidia/Llama-3.1-8B-Instruct-FP4, llama-3.1-8b",
    "astronomer/Llama-3-8B-Instruct-GPTQ-8-Bit, llama-3-8b",
    "Qwen/Qwen2-VL-7B-Instruct-bnb-int4, qwen2-vl-7b",
    "OpenGVLab/InternVL2-8B-AWQ, internvl2-8b",
    "hugging-quants/Meta-Llama-3.1-8B-Instruct-BNB-NF4, llama-3.1-8b",
  })
  void takes_copies_for_their_originals(String text, String name) {
    assertThat(catalog.find(text)).isEmpty();
    Optional<CatalogMatch> match = catalog.findCopy(text);
    assertThat(match).map(found -> found.entry().name()).contains(name);
    assertThat(match.flatMap(CatalogMatch::remark).map(Notice::toString))
        .hasValueSatisfying(remark -> assertThat(remark).contains(text, "taken as a copy of"));
  }

  @Test
  void says_what_it_left_out_of_a_name_and_what_that_means() {
    assertThat(
            catalog
                .findCopy("TheBloke/Mistral-7B-v0.1-AWQ")
                .flatMap(CatalogMatch::remark)
                .map(Notice::toString))
        .contains(
            "'TheBloke/Mistral-7B-v0.1-AWQ' is taken as a copy of 'mistralai/Mistral-7B-v0.1', "
                + "leaving out '-awq'; its weights are stored quantised");
  }

  @Test
  void says_that_a_dynamic_copy_has_modules_in_16_bits_which_its_config_names() {
    assertThat(
            catalog
                .findCopy("unsloth/Qwen3-32B-unsloth-bnb-4bit")
                .flatMap(CatalogMatch::remark)
                .map(Notice::toString))
        .hasValueSatisfying(
            remark ->
                assertThat(remark)
                    .endsWith(
                        "; its weights are stored in 4 bits, but for modules in 16 bits that its"
                            + " own config.json names: give that as model.config"));
  }

  @Test
  void says_nothing_about_names_it_knows() {
    assertThat(catalog.findCopy("Qwen/Qwen3-8B").flatMap(CatalogMatch::remark)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-awq",
        "somebody/my-finetune",
        "Qwen/Qwen3-8B-Vision",
        "Llama-3.1-8B-Math",
        "a/b/c",
        "Qwen/",
        "/",
        "llama",
      })
  void does_not_guess(String text) {
    assertThat(catalog.findCopy(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "somebody/Qwen3-0.6B-Reverse-Text-SFT, qwen3-0.6b",
    "allenai/OLMo-1.7-7B-SFT-hf, olmo-7b",
    "openai/whisper-small-hi, whisper-small",
    "somebody/whisper-large-v3-turbo-german, whisper-large-v3-turbo",
  })
  void takes_a_fine_tune_for_what_its_name_begins_with(String text, String name) {
    assertThat(catalog.findTuned(text)).map(ModelEntry::name).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"somebody/whisper-small-draft", "somebody/whisper-german", "gpt2-dutch"})
  void takes_no_other_shape_for_a_fine_tune(String text) {
    assertThat(catalog.findTuned(text)).isEmpty();
  }

  @Test
  void names_the_nearest_models() {
    assertThat(catalog.nearest("meta-llama/Lama-3.1-8B")).first().isEqualTo("llama-3.1-8b");
    assertThat(catalog.nearest("qwen2.5-7")).contains("qwen2.5-7b").hasSizeLessThanOrEqualTo(3);
    assertThat(catalog.nearest("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")).isEmpty();
  }

  private long vocabulary(String name) {
    return catalog.find(name).orElseThrow().config().size("vocab_size");
  }
}
