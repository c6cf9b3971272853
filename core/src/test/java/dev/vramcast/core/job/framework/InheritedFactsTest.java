package dev.vramcast.core.job.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.code.CodeFact;
import dev.vramcast.core.job.resolve.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A framework whose rules build on another's has the facts about its code too, where it states none
 * of its own. Which those are is a table, so that a new fact is a decision about each of them.
 */
class InheritedFactsTest {

  private static final Path TABLE =
      Path.of("src/test/resources/dev/vramcast/core/job/inherited-facts.tsv");

  private static final String HEAD =
      """
      # What frameworks have from another's rules at the newest versions: the fact, whose rules
      # state it, and who states nothing of its own. Before a name is added,
      # look the fact up in its code.
      """;

  @Test
  void what_a_framework_has_from_another_is_a_row_of_the_table() throws IOException {
    String found = HEAD + rows();
    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(TABLE, found);
    }

    assertThat(found).isEqualTo(Files.readString(TABLE));
  }

  private static String rows() {
    Map<String, TreeSet<String>> heirs = new TreeMap<>();
    for (String name : Frameworks.names()) {
      for (CodeFact fact :
          Jobs.resolve("--sequence-length 1 --framework " + name).job().frameworkCode().facts()) {
        String owner = fact.place().split(": ", 2)[0];
        if (!owner.equals(name)) {
          heirs.computeIfAbsent(fact.name() + "\t" + owner, key -> new TreeSet<>()).add(name);
        }
      }
    }
    return heirs.entrySet().stream()
        .map(row -> row.getKey() + "\t" + String.join(" ", row.getValue()) + "\n")
        .collect(Collectors.joining());
  }
}
