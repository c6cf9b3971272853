package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoders with each head of small sizes, counted by instantiating the model in Transformers. */
class EncoderFamiliesTest {

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

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        BertForSequenceClassification 326,914: bert small num_key_value_heads=absent
          architectures=[BertForSequenceClassification]
        BertForMaskedLM 327,912: bert small num_key_value_heads=absent
          architectures=[BertForMaskedLM]
        BertModel 326,784: bert small num_key_value_heads=absent architectures=[BertModel]
        BertForTokenClassification 322,754: bert small num_key_value_heads=absent
          architectures=[BertForTokenClassification]
        RobertaForSequenceClassification 326,914: roberta small num_key_value_heads=absent
          architectures=[RobertaForSequenceClassification]
        RobertaForMaskedLM 327,912: roberta small num_key_value_heads=absent
          architectures=[RobertaForMaskedLM]
        xlmr 326,849: xlm-roberta small num_key_value_heads=absent
          architectures=[XLMRobertaForSequenceClassification] num_labels=1
        xlmrm 326,784: xlm-roberta small num_key_value_heads=absent
          architectures=[XLMRobertaModel]
        ModernBertForSequenceClassification 351,746: modernbert small num_key_value_heads=absent
          architectures=[ModernBertForSequenceClassification]
        ModernBertForMaskedLM 352,616: modernbert small num_key_value_heads=absent
          architectures=[ModernBertForMaskedLM]
        ModernBertModel 347,456: modernbert small num_key_value_heads=absent
          architectures=[ModernBertModel]
        """);
  }
}
