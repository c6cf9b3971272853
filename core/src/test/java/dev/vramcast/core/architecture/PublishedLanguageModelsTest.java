package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Published language models. */
class PublishedLanguageModelsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void has_its_number_of_parameters(String name, long parameters, Map<String, Object> config) {
    Architecture architecture = Families.read(new ModelConfig(name, config));

    assertThat(Tensors.count(architecture)).isEqualTo(parameters);
  }

  static Stream<Arguments> models() {
    return Configs.casesOf("published-language-models.txt");
  }
}
