package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.catalog.weights.StoredType;
import dev.vramcast.catalog.weights.WeightFixtures;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.input.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ModelLocatorTest {

  private static final String TINY =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8,
       "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
       "num_key_value_heads": 1, "vocab_size": 32, "max_position_embeddings": 64,
       "tie_word_embeddings": false}\
      """;
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;

  @Test
  void takes_known_names_from_the_embedded_catalogue_without_the_network() {
    LocatedModel model = locate(ModelRequest.of("meta-llama/Llama-3.1-8B-Instruct"));
    assertThat(model.id()).isEqualTo("llama-3.1-8b");
    assertThat(model.origin()).contains("embedded catalogue");
    assertThat(model.warnings()).isEmpty();
    assertThat(Tensors.count(model.architecture())).isEqualTo(8_030_261_248L);
  }

  @Test
  void a_dynamic_copy_has_the_modules_in_16_bits_that_are_known_of_it() {
    LocatedModel model = locate(ModelRequest.offline("unsloth/phi-4-unsloth-bnb-4bit"));
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
    LocatedModel model = locate(ModelRequest.offline("unsloth/Qwen3-14B-Base-unsloth-bnb-4bit"));
    assertThat(model.warnings()).singleElement().asString().contains("by the size of its files");
    LocatedModel unknown = locate(ModelRequest.offline("unsloth/Qwen3-8B-unsloth-bnb-4bit"));
    assertThat(unknown.warnings()).last().asString().contains("the estimate is too low");
  }

  @Test
  void a_job_takes_the_copy_that_its_framework_loads_in_4_bits() {
    LocatedModel model = locate(ModelRequest.offline("unsloth/Qwen3-14B"));
    assertThat(model.warnings()).isEmpty();
    LocatedModel quantised = model.trainedFor(job("unsloth", "qlora"));
    assertThat(quantised.architecture()).isNotEqualTo(model.architecture());
    assertThat(quantised.warnings()).singleElement().asString().contains("its own copy in 4 bits");
    assertThat(model.trainedFor(job("unsloth", "lora")).warnings()).isEmpty();
    assertThat(model.trainedFor(job("transformers", "qlora"))).isEqualTo(model);
    LocatedModel plain = locate(ModelRequest.offline("unsloth/Qwen3-14B-bnb-4bit"));
    assertThat(plain.trainedFor(job("unsloth", "qlora"))).isEqualTo(plain);
  }

  @Test
  void encoders_are_left_in_16_bits_where_the_framework_does_so() {
    LocatedModel model = locate(ModelRequest.offline("google/gemma-4-26B-A4B-it"));
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
    LocatedModel model = locate(ModelRequest.offline("somebody/Llama-3.1-8B-AWQ"));
    assertThat(model.id()).isEqualTo("llama-3.1-8b");
    assertThat(model.warnings()).singleElement().asString().contains("taken as a copy of");
  }

  @Test
  void reads_a_config_file() throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), TINY);
    LocatedModel model = locate(ModelRequest.of(file.toString()));
    assertThat(model.architecture().layerCount()).isEqualTo(2);
    assertThat(model.stored()).isEmpty();
    assertThat(model.origin()).isEqualTo("file " + file);
  }

  @Test
  void reads_a_folder_and_finds_its_weights_in_agreement() throws IOException {
    WeightFixtures.bf16(model().resolve("model.safetensors"), tensors());
    LocatedModel model = locate(ModelRequest.of(model().toString()));
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
    LocatedModel model = locate(ModelRequest.of(model().toString()));
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
    assertThat(locate(ModelRequest.of(model().toString())).warnings())
        .singleElement()
        .asString()
        .contains("hold quantised weights (BF16)");
  }

  @Test
  void points_from_an_adapter_to_its_model() throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"Qwen/Qwen3-8B\"}");
    assertRefused(ModelRequest.of(folder + "/"), "holds an adapter", "'Qwen/Qwen3-8B'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/folder", "./nothing", "config-missing.json", "~/no-such-model"})
  void refuses_paths_that_lead_nowhere(String path) {
    assertRefused(ModelRequest.of(path), path, "no such file");
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
    LocatedModel model = locate(ModelRequest.offline(path));
    assertThat(model.id()).isEqualTo("qwen2.5-7b-instruct");
    assertThat(model.warnings()).asString().contains(path, "by the name of its folder");
  }

  @ParameterizedTest
  @CsvSource({
    "somebody/Qwen3-0.6B-forecasts-sft,qwen3-0.6b",
    "somebody/llama-3.1-8b_general,llama-3.1-8b",
    "/data/checkpoints/Qwen2.5-7B-Instruct-sft-step100,qwen2.5-7b-instruct"
  })
  void takes_somebodys_own_model_for_the_one_that_its_name_begins_with(String text, String known) {
    LocatedModel model = locate(ModelRequest.offline(text));
    assertThat(model.id()).isEqualTo(known);
    assertThat(model.warnings()).asString().contains(text, "what its name begins with");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "somebody/Llama-3.1-8B-Omni",
        "somebody/Qwen2.5-7B-Instruct-pruned",
        "somebody/Qwen3-8B-MoE-4x8B",
        "somebody/Llama-3.1-8B-w4a16",
        "somebody/phi-4-mine",
        "qwen2.5-7b-instruct-mine"
      })
  void takes_no_model_of_another_shape_for_one_that_is_known(String text) {
    assertRefused(ModelRequest.offline(text), text, "unknown model");
  }

  @Test
  void finds_a_folder_that_leaves_out_the_dot_of_a_version() {
    LocatedModel model = locate(ModelRequest.offline("/data/Qwen25-VL-7B-Instruct"));
    assertThat(model.id()).isEqualTo("qwen2.5-vl-7b");
  }

  @Test
  void refuses_broken_configs_with_file_and_place() throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\",}");
    assertRefused(ModelRequest.of(file.toString()), file + ":1:");
  }

  @Test
  void reads_the_cache_of_the_hub_tools() throws IOException {
    snapshot("main");
    LocatedModel model = locate(ModelRequest.offline("owner/model"));
    assertThat(model.origin()).startsWith("Hugging Face cache");
    assertThat(model.id()).isEqualTo("owner/model");
  }

  @Test
  void who_may_only_name_models_is_not_told_where_this_machine_keeps_them() throws IOException {
    snapshot("main");
    LocatedModel model =
        locator("http://127.0.0.1:9").locateNamed(ModelRequest.offline("owner/model"));
    assertThat(model.origin()).isEqualTo("Hugging Face cache");
    assertThat(model.id()).isEqualTo("owner/model");
  }

  @Test
  void who_may_only_name_models_has_no_file_opened() throws IOException {
    snapshot("main");
    assertThatThrownBy(
            () ->
                locator("http://127.0.0.1:9")
                    .locateNamed(ModelRequest.offline(folder.toAbsolutePath().toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown model");
  }

  @Test
  void finds_a_revision_in_the_cache_by_branch_and_by_commit() throws IOException {
    snapshot("dev");
    for (String revision : List.of("dev", COMMIT)) {
      ModelRequest request =
          new ModelRequest("owner/model", Optional.of(revision), Network.FORBIDDEN);
      assertThat(locate(request).architecture().layerCount()).isEqualTo(2);
    }
    ModelRequest other = new ModelRequest("owner/model", Optional.of("v2"), Network.FORBIDDEN);
    assertRefused(other, "unknown model 'owner/model'", "offline");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc", "a//b", "/main", "", "a b"})
  void refuses_revisions_that_would_leave_the_cache(String revision) {
    assertRefused(
        new ModelRequest("owner/model", Optional.of(revision), Network.FORBIDDEN), "revision");
  }

  @Test
  void does_not_take_a_reference_out_of_the_cache() throws IOException {
    Path repository = folder.resolve("hub/models--owner--model");
    Files.createDirectories(repository.resolve("refs"));
    Files.createDirectories(repository.resolve("snapshots"));
    Files.writeString(repository.resolve("refs/main"), "../../../outside");
    Files.createDirectories(folder.resolve("outside"));
    Files.writeString(folder.resolve("outside/config.json"), TINY);
    assertRefused(ModelRequest.offline("owner/model"), "unknown model");
  }

  @Test
  void fetches_from_the_hub_once_and_keeps_the_config() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      LocatedModel first = locate(hub, ModelRequest.of("owner/model"));
      assertThat(first.origin()).contains(hub.address());
      assertThat(first.architecture().layerCount()).isEqualTo(2);
      LocatedModel second = locate(hub, ModelRequest.offline("owner/model"));
      assertThat(second.origin()).startsWith("kept copy");
      assertThat(folder.resolve("own")).isDirectoryRecursivelyContaining("glob:**/config.json");
      assertThat(folder.resolve("own")).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  @Test
  void does_not_keep_what_is_no_config() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json("<html>login</html>"))) {
      assertThatThrownBy(() -> locate(hub, ModelRequest.of("owner/model")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("owner/model/config.json:1:");
      assertThat(folder.resolve("own")).doesNotExist();
    }
  }

  @Test
  void fetches_anew_what_was_kept_broken() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      OwnCache cache = new OwnCache(environment(hub.address()));
      cache.put(new HubId("owner/model"), "main", "{".getBytes(StandardCharsets.UTF_8));
      assertThat(locate(hub, ModelRequest.of("owner/model")).origin()).contains(hub.address());
    }
  }

  @Test
  void goes_to_the_hub_for_known_names_only_when_asked_to() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      assertThat(locate(hub, ModelRequest.of("Qwen/Qwen3-8B")).origin()).contains("embedded");
      assertThat(hub.requests()).isZero();
      for (ModelRequest request :
          List.of(
              new ModelRequest("Qwen/Qwen3-8B", Optional.empty(), Network.PREFERRED),
              new ModelRequest("Qwen/Qwen3-8B", Optional.of("v1"), Network.ALLOWED))) {
        assertThat(locate(hub, request).architecture().layerCount()).isEqualTo(2);
      }
      assertThat(hub.tokenFor("/Qwen/Qwen3-8B/resolve/v1/config.json")).isNotNull();
    }
  }

  @Test
  void does_not_ask_the_hub_when_forbidden_or_for_a_bare_name() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      assertThatThrownBy(() -> locate(hub, ModelRequest.offline("owner/model")))
          .hasMessageContaining("offline");
      assertThatThrownBy(() -> locate(hub, ModelRequest.of("lama-3.1-8b")))
          .hasMessageContaining("nearest: 'llama-3.1-8b'");
      assertThat(hub.requests()).isZero();
    }
  }

  @Test
  void names_nearest_models_and_the_ways_out() {
    assertRefused(
        ModelRequest.offline("meta-llama/Lama-3.1-8B"),
        "unknown model 'meta-llama/Lama-3.1-8B'",
        "'llama-3.1-8b'",
        "config.json",
        "--params 7B");
  }

  @Test
  void names_nearest_models_when_the_hub_does_not_help() throws IOException {
    try (HubServer hub = new HubServer(HubServer.status(404))) {
      assertThatThrownBy(() -> locate(hub, ModelRequest.of("meta-llama/Lama-3.1-8B")))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("HTTP 404", "nearest: 'llama-3.1-8b'", "--params")
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void refuses_no_name(String text) {
    assertRefused(ModelRequest.of(text), "model.id is empty");
  }

  private void assertRefused(ModelRequest request, String... parts) {
    assertThatThrownBy(() -> locate(request))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private LocatedModel locate(ModelRequest request) {
    return locator("http://127.0.0.1:9").locate(request);
  }

  private LocatedModel locate(HubServer hub, ModelRequest request) {
    return locator(hub.address()).locate(request);
  }

  private ModelLocator locator(String endpoint) {
    return new ModelLocator(ModelCatalog.embedded(), environment(endpoint));
  }

  private Environment environment(String endpoint) {
    return new Environment(
        folder.resolve("hub"),
        folder.resolve("own"),
        URI.create(endpoint),
        Optional.empty(),
        false,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  private Path model() throws IOException {
    Path path = Files.createDirectories(folder.resolve("model"));
    Files.writeString(path.resolve("config.json"), TINY);
    return path;
  }

  private void snapshot(String branch) throws IOException {
    Path repository = folder.resolve("hub/models--owner--model");
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs").resolve(branch), COMMIT + "\n");
    Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
    Files.writeString(snapshot.resolve("config.json"), TINY);
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
