package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FamilyTableTest {

  static Stream<String> types() {
    return FamilyReader.types().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void every_listed_type_has_a_reader_which_asks_for_sizes(String type) {
    ModelConfig empty = new ModelConfig("config.json", Map.of("model_type", type));

    Throwable thrown = catchThrowable(() -> FamilyReader.read(empty));

    if (thrown != null) {
      assertThat(thrown).isInstanceOfAny(InputException.class, UnsupportedJobException.class);
    }
    assertThat(String.valueOf(thrown)).doesNotContain("is not known");
  }
}
