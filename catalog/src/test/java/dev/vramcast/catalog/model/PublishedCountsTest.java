package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A config is only as good as the number of parameters it makes. */
class PublishedCountsTest {

  @TestFactory
  Stream<DynamicTest> makes_the_published_number_of_parameters() {
    return CatalogIndexTest.entries().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> check(entry)));
  }

  private static void check(ModelEntry entry) {
    long count = Tensors.count(Families.read(entry.config()));
    assertThat(count).isPositive();
    entry.parameters().ifPresent(published -> assertThat(count).isEqualTo(published));
  }
}
