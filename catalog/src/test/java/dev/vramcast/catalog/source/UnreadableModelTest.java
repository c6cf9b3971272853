package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.weights.WeightFiles;
import dev.vramcast.catalog.weights.WeightFixtures;
import dev.vramcast.input.disk.FailingReads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on this machine, of which each step of looking and reading fails once. */
@Tag("slow")
class UnreadableModelTest {

  private static final String CONFIG =
      "{\"model_type\": \"llama\", \"hidden_size\": 8, \"intermediate_size\": 16,"
          + " \"num_hidden_layers\": 2, \"num_attention_heads\": 2, \"vocab_size\": 32}";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;

  @Test
  void a_revision_in_the_hub_s_cache_is_found_or_refused_and_no_other_is_taken()
      throws IOException {
    config("models--a--b/snapshots/" + COMMIT, CONFIG);
    config("models--a--b/snapshots/fedcba9876", CONFIG.replace("16", "24"));
    Files.writeString(
        Files.createDirectories(folder.resolve("models--a--b/refs")).resolve("main"), COMMIT);

    assertThat(FailingReads.hold(folder, hub -> located(hub, hub.resolve("own"), "a/b")))
        .isGreaterThan(3);
  }

  @Test
  void the_only_snapshot_is_found_or_refused() throws IOException {
    config("models--a--b/snapshots/" + COMMIT, CONFIG);

    assertThat(FailingReads.hold(folder, hub -> located(hub, hub.resolve("own"), "a/b")))
        .isGreaterThan(3);
  }

  @Test
  void a_config_that_was_fetched_is_read_or_refused() throws IOException {
    config("own/hub/huggingface.co/models--a--b/main", CONFIG);

    assertThat(FailingReads.hold(folder, top -> located(top, top.resolve("own"), "a/b")))
        .isGreaterThan(3);
  }

  @Test
  void a_folder_is_read_with_its_weights_or_refused() throws IOException {
    Path model = config("model", CONFIG);
    WeightFixtures.bf16(model.resolve("model.safetensors"), List.of("x:3:4"));
    WeightFixtures.bf16(model.resolve("more.safetensors"), List.of("y:5"));

    int steps =
        FailingReads.hold(model, path -> LocalModel.read("m", path, "").stored().toString());
    assertThat(steps).isGreaterThan(6);
  }

  @Test
  void shards_that_an_index_lists_are_read_or_refused() throws IOException {
    WeightFixtures.bf16(folder.resolve("m-1.safetensors"), List.of("x:3:4"));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"x\": \"m-1.safetensors\"}}");

    assertThat(FailingReads.hold(folder, path -> WeightFiles.read(path).toString()))
        .isGreaterThan(4);
  }

  private Path config(String at, String text) throws IOException {
    Path place = Files.createDirectories(folder.resolve(at));
    Files.writeString(place.resolve("config.json"), text);
    return place;
  }

  private static String located(Path hub, Path own, String id) {
    Environment environment =
        new Environment(
            hub,
            own,
            URI.create("https://huggingface.co"),
            Optional.empty(),
            true,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    LocatedModel model =
        new ModelLocator(ModelCatalog.embedded(), environment).locate(ModelRequests.offline(id));
    return model.origin() + model.config().values();
  }
}
