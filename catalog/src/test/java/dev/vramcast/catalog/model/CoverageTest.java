package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code counts.tsv}: how often each model stands in 1225 published training configs. */
class CoverageTest {

  private static final double REQUIRED = 0.95;

  private record Use(int count, String id) {}

  @Test
  void knows_95_percent_of_the_models_that_people_train() throws IOException {
    ModelCatalog catalog = ModelCatalog.embedded();
    List<Use> uses = uses();
    List<Use> unknown = uses.stream().filter(use -> catalog.find(use.id()).isEmpty()).toList();
    assertThat(1 - share(unknown, uses)).as("not known: %s", unknown).isGreaterThan(REQUIRED);
  }

  @Test
  void can_read_the_architecture_of_95_percent() throws IOException {
    ModelCatalog catalog = ModelCatalog.embedded();
    List<Use> uses = uses();
    List<Use> unread =
        uses.stream()
            .filter(use -> catalog.find(use.id()).filter(CoverageTest::isRead).isEmpty())
            .toList();
    assertThat(1 - share(unread, uses)).as("not read: %s", unread).isGreaterThan(REQUIRED);
  }

  private static boolean isRead(ModelEntry entry) {
    try {
      Families.read(entry.config());
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  private static double share(List<Use> some, List<Use> all) {
    return (double) some.stream().mapToInt(Use::count).sum()
        / all.stream().mapToInt(Use::count).sum();
  }

  private static List<Use> uses() throws IOException {
    try (InputStream in = CoverageTest.class.getResourceAsStream("counts.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .map(cells -> new Use(Integer.parseInt(cells[0]), cells[1]))
          .toList();
    }
  }
}
