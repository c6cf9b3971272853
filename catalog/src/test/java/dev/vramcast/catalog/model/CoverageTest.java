package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code counts.tsv}: how often each model stands in 1225 published training configs. */
class CoverageTest {

  private static final double REQUIRED = 0.98;

  private record Use(int count, String id) {}

  @Test
  void knows_98_percent_of_the_models_that_people_train() throws IOException {
    ModelCatalog catalog = ModelCatalog.embedded();
    List<Use> uses = uses();
    List<Use> unknown = uses.stream().filter(use -> entry(catalog, use).isEmpty()).toList();
    assertThat(1 - share(unknown, uses)).as("not known: %s", unknown).isGreaterThan(REQUIRED);
  }

  @Test
  @Tag("slow")
  void can_read_the_architecture_of_98_percent() throws IOException {
    ModelCatalog catalog = ModelCatalog.embedded();
    List<Use> uses = uses();
    List<Use> unread =
        uses.stream()
            .filter(use -> entry(catalog, use).filter(CoverageTest::isRead).isEmpty())
            .toList();
    assertThat(1 - share(unread, uses)).as("not read: %s", unread).isGreaterThan(REQUIRED);
  }

  /** As a name is looked up: copies that are stored otherwise are their originals. */
  private static Optional<ModelEntry> entry(ModelCatalog catalog, Use use) {
    return catalog.findCopy(use.id()).map(CatalogMatch::entry);
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
