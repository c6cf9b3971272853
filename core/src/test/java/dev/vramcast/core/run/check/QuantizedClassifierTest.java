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

  @ParameterizedTest
  @CsvSource({
    "bert, BertForSequenceClassification, query",
    "llama, LlamaForSequenceClassification, all-linear",
  })
  void a_classifier_of_one_linear_stays_in_16_bits(String type, String head, String targets) {
    Architecture model = Configs.read(type + " small architectures=[ " + head + " ]");
    String flags = "--method qlora --stage classification --targets " + targets;

    assertThat(Estimates.of(model, flags).allocatedBytes()).isPositive();
  }
}
