package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The index repeats what the files of entries say. After a change to those, run the tests with
 * {@code -Dvramcast.rewrite=true} to write it anew.
 */
class CatalogIndexTest {

  private static final Path INDEX =
      Path.of("src/main/resources/dev/vramcast/catalog/models/index.tsv");

  @Test
  void repeats_exactly_what_the_files_say() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String file : files()) {
      for (ModelEntry entry : EntryFile.read(file).values()) {
        String keys =
            Stream.concat(entry.aliases().stream(), entry.hubIds().stream())
                .collect(Collectors.joining(" "));
        expected.add(entry.name() + "\t" + file + "\t" + keys);
      }
    }
    if (Boolean.getBoolean("vramcast.rewrite")) {
      Files.write(INDEX, expected);
    } else {
      assertThat(Resources.lines("models/index.tsv")).isEqualTo(expected);
    }
  }

  @Test
  void gives_each_name_and_each_hub_id_to_one_model() {
    Map<String, String> owners = new HashMap<>();
    for (ModelEntry entry : entries()) {
      Set<String> names = new LinkedHashSet<>();
      names.add(entry.name());
      names.addAll(entry.aliases());
      names.addAll(entry.hubIds());
      for (String name : names) {
        String previous = owners.put(name.toLowerCase(Locale.ROOT), entry.name());
        assertThat(previous == null || previous.equals(entry.name())).as(name).isTrue();
      }
    }
  }

  @Test
  void names_a_source_and_a_repository_for_every_model() {
    for (ModelEntry entry : entries()) {
      assertThat(entry.name()).isLowerCase();
      assertThat(entry.source()).as(entry.name()).isNotEmpty();
      assertThat(entry.hubIds()).as(entry.name()).isNotEmpty();
      assertThat(entry.config().text("model_type", "")).as(entry.name()).isNotEmpty();
    }
  }

  static List<String> files() {
    return Resources.lines("models/index.tsv").stream()
        .map(line -> line.split("\t")[1])
        .distinct()
        .toList();
  }

  static List<ModelEntry> entries() {
    return files().stream().flatMap(file -> EntryFile.read(file).values().stream()).toList();
  }
}
