package dev.vramcast.core.run.check;

import static dev.vramcast.core.run.check.JobChecksTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classifiers that quantisation reaches, which PEFT cannot train then. */
class QuantizedClassifierTest {

  /** As peft/utils/other.py _set_layer_requires_grad raises. */
  @Test
  void a_classifier_of_several_linears_cannot_be_quantised() {
    String head = " architectures=[ EsmForSequenceClassification ]";

    assertRefused(
        Configs.read("esm small" + head),
        "--method qlora --stage classification",
        "method is qlora, but Transformers stores classifier.dense as nf4 too, of the classifier"
            + " that PEFT trains, which fails: \"only Tensors of floating point dtype can require"
            + " gradients\", allowed: lora");
  }

  /** {@code get_keys_to_not_convert} of Transformers 5 finds no module {@code classifier.bias}. */
  @ParameterizedTest
  @CsvSource({
    "bert, BertForSequenceClassification, 5.24.0, true",
    "bert, BertForTokenClassification, 5.24.0, true",
    "bert, BertForSequenceClassification, 4.57.6, false",
    "llama, LlamaForSequenceClassification, 5.24.0, false",
    "llama, LlamaForSequenceClassification, 4.57.6, false",
  })
  void a_last_linear_with_a_bias_is_quantised_since_transformers_5(
      String type, String head, String transformers, boolean refused) {
    Architecture model = Configs.read(type + " small architectures=[ " + head + " ]");
    String stage = head.contains("Token") ? "token-classification" : "classification";
    String flags = " --targets all-linear --stage " + stage + " --transformers " + transformers;
    flags = type.equals("llama") ? flags : flags.replace("all-linear", "query");

    if (refused) {
      assertRefused(
          model,
          "--method qlora" + flags,
          "method is qlora, but Transformers stores classifier as nf4 too, of the classifier that"
              + " PEFT trains, which fails: \"only Tensors of floating point dtype can require"
              + " gradients\", allowed: lora");
      assertRefused(
          model,
          "--method dora --quantization int8" + flags,
          "model.quantization.scheme is int8, but Transformers stores classifier as int8 too, of"
              + " the classifier that PEFT trains, which fails: \"only Tensors of floating point"
              + " dtype can require gradients\", allowed: none");
    } else {
      assertThat(Estimates.of(model, "--method qlora" + flags).allocatedBytes()).isPositive();
    }
  }
}
