package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of the Hub, and of the cache that its tools keep. */
class HubModelsTest extends LocatingModels {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void reads_the_cache_of_the_hub_tools() throws IOException {
    snapshot("main");
    LocatedModel model = locate(ModelRequests.offline("owner/model"));
    assertThat(model.origin()).startsWith("Hugging Face cache");
    assertThat(model.id()).isEqualTo("owner/model");
  }

  @Test
  void who_may_only_name_models_is_not_told_where_this_machine_keeps_them() throws IOException {
    snapshot("main");
    LocatedModel model =
        locator("http://127.0.0.1:9").locateNamed(ModelRequests.offline("owner/model"));
    assertThat(model.origin()).isEqualTo("Hugging Face cache");
    assertThat(model.id()).isEqualTo("owner/model");
  }

  @Test
  void who_may_only_name_models_has_no_file_opened() throws IOException {
    snapshot("main");
    assertThatThrownBy(
            () ->
                locator("http://127.0.0.1:9")
                    .locateNamed(ModelRequests.offline(folder.toAbsolutePath().toString())))
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
    assertRefused(other, "revision \'v2\' of model \'owner/model\' is not here", "--revision");
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
    assertRefused(ModelRequests.offline("owner/model"), "unknown model");
  }

  @Test
  void fetches_from_the_hub_once_and_keeps_the_config() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      LocatedModel first = locate(hub, ModelRequests.of("owner/model"));
      assertThat(first.origin()).contains(hub.address());
      assertThat(first.architecture().layerCount()).isEqualTo(2);
      LocatedModel second = locate(hub, ModelRequests.offline("owner/model"));
      assertThat(second.origin()).startsWith("kept copy");
      assertThat(folder.resolve("own")).isDirectoryRecursivelyContaining("glob:**/config.json");
      assertThat(folder.resolve("own")).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  @Test
  void does_not_keep_what_is_no_config() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json("<html>login</html>"))) {
      assertThatThrownBy(() -> locate(hub, ModelRequests.of("owner/model")))
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
      assertThat(locate(hub, ModelRequests.of("owner/model")).origin()).contains(hub.address());
    }
  }

  @Test
  void goes_to_the_hub_for_known_names_only_when_asked_to() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json(TINY))) {
      assertThat(locate(hub, ModelRequests.of("Qwen/Qwen3-8B")).origin()).contains("embedded");
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
      assertThatThrownBy(() -> locate(hub, ModelRequests.offline("owner/model")))
          .hasMessageContaining("the Hub was not asked");
      assertThatThrownBy(() -> locate(hub, ModelRequests.of("lama-3.1-8b")))
          .hasMessageContaining("Did you mean 'llama-3.1-8b'");
      assertThat(hub.requests()).isZero();
    }
  }

  @Test
  void names_nearest_models_when_the_hub_does_not_help() throws IOException {
    try (HubServer hub = new HubServer(HubServer.status(404))) {
      assertThatThrownBy(() -> locate(hub, ModelRequests.of("meta-llama/Lama-3.1-8B")))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("HTTP 404", "Did you mean 'llama-3.1-8b'", "--params")
          .hasMessageNotContaining("\n");
    }
  }

  private void snapshot(String branch) throws IOException {
    Path repository = folder.resolve("hub/models--owner--model");
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs").resolve(branch), COMMIT + "\n");
    Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
    Files.writeString(snapshot.resolve("config.json"), TINY);
  }
}
