package dev.vramcast.catalog.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {

  @TempDir Path folder;

  @Test
  void sums_up_all_safetensors_files_but_adapters() throws IOException {
    WeightFixtures.bf16(folder.resolve("a.safetensors"), List.of("x:3:4"));
    WeightFixtures.bf16(folder.resolve("b.safetensors"), List.of("y:5"));
    WeightFixtures.bf16(folder.resolve("adapter_model.safetensors"), List.of("z:7"));
    StoredWeights stored = WeightFiles.read(folder).stored().orElseThrow();
    assertThat(stored.elements()).isEqualTo(17);
    assertThat(stored.bytes()).isEqualTo(34);
    assertThat(stored.byType()).containsOnlyKeys(StoredType.BF16);
    assertThat(stored.quantized()).isFalse();
  }

  @Test
  void reads_the_shards_that_the_index_lists() throws IOException {
    WeightFixtures.bf16(folder.resolve("m-1.safetensors"), List.of("x:3:4"));
    WeightFixtures.bf16(folder.resolve("old.safetensors"), List.of("y:5"));
    index("{\"weight_map\": {\"x\": \"m-1.safetensors\"}}");
    WeightFiles files = WeightFiles.read(folder);
    assertThat(files.stored().orElseThrow().elements()).isEqualTo(12);
    assertThat(files.warnings()).isEmpty();
  }

  @Test
  void warns_about_shards_that_are_missing() throws IOException {
    WeightFixtures.bf16(folder.resolve("m-1.safetensors"), List.of("x:3:4"));
    index("{\"weight_map\": {\"x\": \"m-1.safetensors\", \"y\": \"m-2.safetensors\"}}");
    WeightFiles files = WeightFiles.read(folder);
    assertThat(files.stored()).isEmpty();
    assertThat(files.warnings()).singleElement().asString().contains("1 of 2", "m-2.safetensors");
  }

  @Test
  void warns_about_listed_tensors_that_no_shard_holds() throws IOException {
    WeightFixtures.bf16(folder.resolve("m-1.safetensors"), List.of("x:3:4"));
    index("{\"weight_map\": {\"x\": \"m-1.safetensors\", \"y\": \"m-1.safetensors\"}}");
    assertThat(WeightFiles.read(folder).warnings()).singleElement().asString().contains("'y'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"weight_map\": {}}",
        "{\"weight_map\": []}",
        "{\"weight_map\": {\"x\": \"../m.safetensors\"}}",
        "{\"weight_map\": {\"x\": \"/etc/passwd\"}}",
        "{\"weight_map\": {\"x\": 1}}",
        "not json",
      })
  void refuses_an_unusable_index(String content) throws IOException {
    index(content);
    assertThatThrownBy(() -> WeightFiles.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.safetensors.index.json");
  }

  @Test
  void takes_the_size_from_the_index_of_pickled_files() throws IOException {
    Files.writeString(
        folder.resolve("pytorch_model.bin.index.json"),
        "{\"metadata\": {\"total_size\": 16060522496}, \"weight_map\": {}}");
    StoredWeights stored = WeightFiles.read(folder).stored().orElseThrow();
    assertThat(stored.bytes()).isEqualTo(16060522496L);
    assertThat(stored.tensors()).isEmpty();
  }

  @Test
  void sees_that_weights_are_quantised() throws IOException {
    WeightFixtures.bf16(
        folder.resolve("a.safetensors"), List.of("l.weight:8", "l.weight.absmax:2"));
    assertThat(WeightFiles.read(folder).stored().orElseThrow().quantized()).isTrue();
  }

  @Test
  void finds_nothing_in_a_folder_without_weights() {
    assertThat(WeightFiles.read(folder).stored()).isEmpty();
  }

  private void index(String content) throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), content);
  }
}
