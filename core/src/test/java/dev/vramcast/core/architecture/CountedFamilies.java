package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that were counted by instantiating them in Transformers: {@code models} has them. */
abstract class CountedFamilies {

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void has_the_parameters_that_transformers_instantiates(
      String name, long parameters, Map<String, Object> config) {
    Architecture architecture = Families.read(new ModelConfig(name, config));

    assertThat(Tensors.count(architecture)).isEqualTo(parameters);
    assertThat(Tensors.of(architecture).stream().map(ParameterTensor::name))
        .doesNotHaveDuplicates();
    assertThat(Tensors.of(architecture).stream().mapToLong(ParameterTensor::count).sum())
        .isEqualTo(parameters);
  }
}
