package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.weights.StoredType;
import dev.vramcast.catalog.weights.WeightFixtures;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.input.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocatorTest extends LocatingModels {

  @Test
  void takes_known_names_from_the_embedded_catalogue_without_the_network() {
    LocatedModel model = locate(ModelRequests.of("meta-llama/Llama-3.1-8B-Instruct"));
    assertThat(model.id()).isEqualTo("llama-3.1-8b");
    assertThat(model.origin()).contains("embedded catalogue");
    assertThat(model.warnings()).isEmpty();
    assertThat(Tensors.count(model.architecture())).isEqualTo(8_030_261_248L);
  }

  @Test
  void a_dynamic_copy_has_the_modules_in_16_bits_that_are_known_of_it() {
    LocatedModel model = locate(ModelRequests.offline("unsloth/phi-4-unsloth-bnb-4bit"));
    assertThat(model.id()).isEqualTo("phi-4-llama");
    assertThat(
            model
                .config()
                .nested("quantization_config")
                .orElseThrow()
                .list("llm_int8_skip_modules"))
        .isEqualTo(
            List.of(
                "model.layers.1.mlp",
                "model.layers.2.mlp",
                "model.layers.3.mlp",
                "model.layers.37.self_attn.o_proj",
                "model.layers.39.self_attn.o_proj"));
    assertThat(model.warnings()).last().asString().contains("stay in 16 bits: model.layers.1.mlp");
  }

  @Test
  void a_dynamic_copy_of_which_nothing_is_known_is_said_to_be_too_low() {
    LocatedModel model = locate(ModelRequests.offline("unsloth/Qwen3-14B-Base-unsloth-bnb-4bit"));
    assertThat(model.warnings()).singleElement().asString().contains("by the size of its files");
    LocatedModel unknown = locate(ModelRequests.offline("unsloth/Qwen3-8B-unsloth-bnb-4bit"));
    assertThat(unknown.warnings()).last().asString().contains("the estimate is too low");
  }

  @Test
  void a_job_takes_the_copy_that_its_framework_loads_in_4_bits() {
    LocatedModel model = locate(ModelRequests.offline("unsloth/Qwen3-14B"));
    assertThat(model.warnings()).isEmpty();
    LocatedModel quantised = model.trainedFor(job("unsloth", "qlora"));
    assertThat(quantised.architecture()).isNotEqualTo(model.architecture());
    assertThat(quantised.warnings()).singleElement().asString().contains("its own copy in 4 bits");
    assertThat(model.trainedFor(job("unsloth", "lora")).warnings()).isEmpty();
    assertThat(model.trainedFor(job("transformers", "qlora"))).isEqualTo(model);
    LocatedModel plain = locate(ModelRequests.offline("unsloth/Qwen3-14B-bnb-4bit"));
    assertThat(plain.trainedFor(job("unsloth", "qlora"))).isEqualTo(plain);
  }

  @Test
  void bits_that_are_said_and_followed_are_not_called_left_out() {
    LocatedModel model = locate(ModelRequests.offline("mixtral 8x7b 4bit"));

    assertThat(model.warnings()).singleElement().asString().endsWith("taken as 'mixtral-8x7b'");
    assertThat(model.trainedFor(job("transformers", "qlora")).warnings()).hasSize(1);
    assertThat(model.trainedFor(job("transformers", "lora")).warnings())
        .last()
        .asString()
        .contains("stored in 4 bits", "qlora is what keeps them so");
  }

  @Test
  void a_job_that_holds_weights_in_16_bits_is_told_what_keeps_them_as_their_name_says() {
    LocatedModel model = locate(ModelRequests.offline("Llama 3.1 8B int4"));

    assertThat(model.trainedFor(job("transformers", "lora")).warnings())
        .last()
        .asString()
        .contains("GPTQ-INT4' are stored quantised", "gptq-int4 is what keeps them so");
  }

  @ParameterizedTest
  @CsvSource({
    "transformers, qlora, nf4",
    "transformers, full, 16 bits",
    "torchtune, lora, 16 bits",
    "verl, lora, 16 bits"
  })
  void a_job_that_cannot_load_what_its_name_says_is_led_to_the_original(
      String framework, String method, String held) {
    LocatedModel model = locate(ModelRequests.offline("Llama 3.1 8B int4"));

    assertThat(model.trainedFor(job(framework, method)).warnings())
        .last()
        .asString()
        .contains("nothing is known that loads them for this job in " + held);
  }

  @Test
  void encoders_are_left_in_16_bits_where_the_framework_does_so() {
    LocatedModel model = locate(ModelRequests.offline("google/gemma-4-26B-A4B-it"));
    assertThat(keptInTowers(model.trainedFor(job("unsloth", "qlora")))).isEqualTo(1);
    assertThat(keptInTowers(model.trainedFor(job("transformers", "qlora")))).isZero();
  }

  /** The share of a tower's linears. */
  private static double keptInTowers(LocatedModel model) {
    List<Linear> linears =
        model.architecture().towers().stream().flatMap(each -> each.linears().stream()).toList();
    return linears.stream().filter(Linear::kept).count() / (double) linears.size();
  }

  private static ResolvedJob job(String framework, String method) {
    return JobResolver.resolve(
            JobDocument.empty()
                .withFlag(JobKey.FRAMEWORK_NAME, framework)
                .withFlag(JobKey.METHOD, method)
                .withFlag(JobKey.SEQUENCE_LENGTH, "64")
                .withFlag(JobKey.MICRO_BATCH, "1"))
        .job();
  }

  @Test
  void says_when_it_took_a_copy_for_its_original() {
    LocatedModel model = locate(ModelRequests.offline("somebody/Llama-3.1-8B-AWQ"));
    assertThat(model.id()).isEqualTo("llama-3.1-8b");
    assertThat(model.warnings()).singleElement().asString().contains("taken as a copy of");
  }

  @ParameterizedTest
  @CsvSource({"TheBloke/Llama-2-7B-fp16, llama-2-7b", "llama3.1:8b-instruct-fp16, llama-3.1-8b"})
  void a_copy_in_16_bits_is_not_called_quantised_and_goes_by_the_name_that_was_given(
      String text, String known) {
    LocatedModel model = locate(ModelRequests.offline(text));
    assertThat(model.id()).isEqualTo(known);
    assertThat(model.warnings())
        .singleElement()
        .asString()
        .contains("'" + text + "' is taken as")
        .doesNotContain("quantised");
  }

  @Test
  void a_quantised_copy_says_what_is_trained_and_names_nothing_that_was_not_given() {
    String text = "gpt-oss:20b-mxfp4";
    assertThat(locate(ModelRequests.offline(text)).warnings())
        .hasSize(2)
        .allSatisfy(warning -> assertThat(warning).asString().contains("'" + text + "' is"))
        .last()
        .asString()
        .contains("quantised to be run");
    assertRefused(ModelRequests.offline("llama-q4"), "'llama-q4' may be any of");
  }

  @Test
  void reads_a_config_file() throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), TINY);
    LocatedModel model = locate(ModelRequests.of(file.toString()));
    assertThat(model.architecture().layerCount()).isEqualTo(2);
    assertThat(model.stored()).isEmpty();
    assertThat(model.origin()).isEqualTo("file " + file);
  }

  @Test
  void reads_a_folder_and_finds_its_weights_in_agreement() throws IOException {
    WeightFixtures.bf16(model().resolve("model.safetensors"), tensors());
    LocatedModel model = locate(ModelRequests.of(model().toString()));
    assertThat(model.warnings()).isEmpty();
    assertThat(model.stored())
        .hasValueSatisfying(
            stored -> assertThat(stored.byType()).containsOnlyKeys(StoredType.BF16));
  }

  @Test
  void warns_with_both_numbers_and_names_when_weights_and_config_disagree() throws IOException {
    List<String> tensors = new ArrayList<>(tensors());
    tensors.removeIf(tensor -> tensor.startsWith("lm_head"));
    tensors.add("extra.weight:5");
    WeightFixtures.bf16(model().resolve("model.safetensors"), tensors);
    LocatedModel model = locate(ModelRequests.of(model().toString()));
    long expected = Tensors.count(model.architecture());
    assertThat(model.warnings())
        .singleElement()
        .asString()
        .contains("%,d".formatted(expected), "%,d".formatted(expected - 256 + 5))
        .contains("only in the files: extra.weight [5]")
        .contains("only by the config: lm_head.weight [32, 8]");
  }

  @Test
  void does_not_compare_quantised_weights() throws IOException {
    WeightFixtures.bf16(
        model().resolve("model.safetensors"), List.of("a.weight:8", "a.weight.absmax:1"));
    assertThat(locate(ModelRequests.of(model().toString())).warnings())
        .singleElement()
        .asString()
        .contains("hold quantised weights (BF16)");
  }

  @Test
  void points_from_an_adapter_to_its_model() throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"Qwen/Qwen3-8B\"}");
    assertRefused(ModelRequests.of(folder + "/"), "holds an adapter", "'Qwen/Qwen3-8B'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/folder", "./nothing", "config-missing.json", "~/no-such-model"})
  void refuses_paths_that_lead_nowhere(String path) {
    assertRefused(ModelRequests.of(path), path, "no such file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/models/Qwen2.5-7B-Instruct",
        "/data/models/Qwen2.5-7B-Instruct/",
        "./Qwen2.5-7B-Instruct",
        "/mnt/models/Qwen/Qwen2___5-7B-Instruct/",
        "~/hub/models--Qwen--Qwen2.5-7B-Instruct/snapshots/0123abcd"
      })
  void takes_a_folder_that_is_elsewhere_for_the_model_that_it_is_called_as(String path) {
    LocatedModel model = locate(ModelRequests.offline(path));
    assertThat(model.id()).isEqualTo("qwen2.5-7b-instruct");
    assertThat(model.warnings()).asString().contains(path, "by the name of its folder");
  }

  @ParameterizedTest
  @CsvSource({
    "somebody/Qwen3-0.6B-forecasts-sft,qwen3-0.6b",
    "somebody/llama-3.1-8b_general,llama-3.1-8b",
    "/data/checkpoints/Qwen2.5-7B-Instruct-sft-step100,qwen2.5-7b-instruct",
    "outputs/qwen-2.5-7b-instruct-sft-lr-1e-5/checkpoint-5940,qwen2.5-7b-instruct",
    "qwen2.5-3b-sft/checkpoint-500,qwen2.5-3b",
    "outputs\\qwen2.5-3b-sft\\checkpoint-500,qwen2.5-3b",
    "outputs/merged/qwen25_7b_instruct_text2sql_v1,qwen2.5-7b-instruct"
  })
  void takes_somebodys_own_model_for_the_one_that_its_name_begins_with(String text, String known) {
    LocatedModel model = locate(ModelRequests.offline(text));
    assertThat(model.id()).isEqualTo(known);
    assertThat(model.warnings()).asString().contains(text, "what its name begins with");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/models/Qwen2.5-7B-Instruct",
        "qwen2.5-3b-sft/checkpoint-500",
        "outputs\\qwen2.5-3b-sft\\checkpoint-500",
        "outputs/merged/qwen25_7b_instruct_text2sql_v1",
        "somebody/Qwen3-0.6B-forecasts-sft"
      })
  void who_may_choose_no_file_gets_the_same_answer_where_there_is_none(String text) {
    ModelRequest request = ModelRequests.offline(text);
    assertThat(locator("http://127.0.0.1:9").locateNamed(request)).isEqualTo(locate(request));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "somebody/Llama-3.1-8B-Omni",
        "somebody/Qwen2.5-7B-Instruct-pruned",
        "somebody/Qwen3-8B-MoE-4x8B",
        "somebody/Llama-3.1-8B-w4a16",
        "somebody/phi-4-mine",
        "qwen2.5-7b-v3.1",
        "mine/qwen3-8b-q2",
        "run-1/checkpoint-500",
        "outputs/run-1/checkpoint-500"
      })
  void takes_no_model_of_another_shape_for_one_that_is_known(String text) {
    assertRefused(ModelRequests.offline(text), text, "unknown model");
  }

  @Test
  void finds_a_folder_that_leaves_out_the_dot_of_a_version() {
    LocatedModel model = locate(ModelRequests.offline("/data/Qwen25-VL-7B-Instruct"));
    assertThat(model.id()).isEqualTo("qwen2.5-vl-7b");
  }

  @Test
  void refuses_broken_configs_with_file_and_place() throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\",}");
    assertRefused(ModelRequests.of(file.toString()), file + ":1:");
  }

  @Test
  void names_nearest_models_and_the_ways_out() {
    assertRefused(
        ModelRequests.offline("meta-llama/Lama-3.1-8B"),
        "unknown model 'meta-llama/Lama-3.1-8B'",
        "'llama-3.1-8b'",
        "config.json",
        "7B, by --params");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPT-4o mini", "chatgpt", "claude 3.5 sonnet", "openai/gpt-4.1", "gpt5"})
  void a_model_whose_weights_nobody_has_is_said_to_be_one(String text) {
    assertRefused(
        ModelRequests.offline(text), text, "its weights are not published", "by --params");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flux",
        "black-forest-labs/FLUX.1-dev",
        "SDXL",
        "stable diffusion 3.5",
        "wan 2.2",
        "Wan-AI/Wan2.1-T2V-14B",
        "stable-diffusion-xl-base-1.0"
      })
  void a_model_that_draws_is_said_to_be_one(String text) {
    assertRefused(
        ModelRequests.offline(text), text, "models of diffusion are not modelled", "by --params");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4-x-alpaca-13b",
        "claude2-alpaca-13b",
        "fluxion-7b",
        "o1-free-7b",
        "user/flux-7b"
      })
  void a_name_that_has_one_of_these_in_it_may_be_any_model(String text) {
    assertRefused(ModelRequests.offline(text), text, "give a catalogue name");
  }

  @Test
  void a_repository_of_the_very_words_is_among_those_that_may_be_meant() {
    assertRefused(
        ModelRequests.offline("deepseek r1"),
        "may be any of 'deepseek-r1', 'deepseek-r1-distill-qwen-1.5b'");
    assertThat(locate(ModelRequests.offline("deepseek-r1")).id()).isEqualTo("deepseek-v3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void refuses_no_name(String text) {
    assertRefused(ModelRequests.of(text), "model.id is empty");
  }

  private Path model() throws IOException {
    Path path = Files.createDirectories(folder.resolve("model"));
    Files.writeString(path.resolve("config.json"), TINY);
    return path;
  }

  private static List<String> tensors() {
    ModelConfig config =
        new ModelConfig("tiny", Json.object("tiny", TINY.getBytes(StandardCharsets.UTF_8)));
    return Tensors.of(Families.read(config)).stream().map(ModelLocatorTest::written).toList();
  }

  private static String written(ParameterTensor tensor) {
    return tensor.name()
        + tensor.shape().stream().map(size -> ":" + size).collect(Collectors.joining());
  }
}
