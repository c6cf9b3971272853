package dev.vramcast.formats.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of keys that come with the readers. */
class KeyTablesTest {

  @Test
  void no_table_has_a_key_twice() throws IOException, URISyntaxException {
    List<Path> tables = tables();

    assertThat(tables).hasSizeGreaterThan(15);
    for (Path table : tables) {
      assertThat(keys(table)).as(table.toString()).doesNotHaveDuplicates();
    }
  }

  @Test
  void a_name_of_other_trainers_is_meant_in_its_own_section_alone() {
    KeyTable verl = KeyTable.of(KeyTable.class, "verl/keys.tsv");

    assertThat(verl.meant("actor_rollout_ref.model.lora_r"))
        .contains("actor_rollout_ref.model.lora_rank");
    assertThat(verl.meant("data.sequence_len")).contains("data.max_length");
    assertThat(verl.meant("lora_r")).isEmpty();
    assertThat(verl.meant("reward_model.sequence_len")).isEmpty();
    KeyTable torchtune = KeyTable.of(KeyTable.class, "torchtune/keys.tsv");
    assertThat(torchtune.meant("lora_r")).isEmpty();
    assertThat(torchtune.meant("micro_batch_size")).isEmpty();
  }

  private static List<Path> tables() throws IOException, URISyntaxException {
    Path one = Path.of(Objects.requireNonNull(KeyTable.class.getResource("trl/keys.tsv")).toURI());
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(one.getParent()).resolve(".."))) {
      return files.filter(file -> file.endsWith("keys.tsv")).toList();
    }
  }

  private static List<String> keys(Path table) throws IOException {
    return Files.readAllLines(table).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1)[0])
        .toList();
  }
}
