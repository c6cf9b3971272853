package dev.vramcast.core.module.linear.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunersTest {

  private static RankEstimate estimate(String flags) {
    return Estimates.of(
        Estimates.llama(false), "--framework transformers --sequence-length 512 " + flags);
  }

  /**
   * By hand, of 2 layers with 1024 features, in fp32 and blocks of 512 bytes: a factor for each
   * feature, and one layer's once more at the peak; a vector of 1024 and one of the rank; four
   * factors of 1024 times the rank; 32 times 32 of the small matrix and two factors of 32 times the
   * rank, or the larger matrix where these are not smaller.
   */
  @ParameterizedTest
  @CsvSource({
    "--method ia3, 12288",
    "--method vera --rank 8, 9216",
    "--method loha --rank 8, 262144",
    "--method lokr --rank 8, 12288",
    "--method lokr --rank 16, 16384",
  })
  void what_is_trained_is_of_the_form(String flags, long bytes) {
    assertThat(estimate("--targets q_proj " + flags).breakdown())
        .containsEntry(Category.ADAPTERS, bytes);
  }

  @ParameterizedTest
  @CsvSource({"4096, 64, 64", "960, 30, 32", "128, 8, 16", "127, 1, 127"})
  void a_dimension_is_divided_near_its_root(long features, long below, long above) {
    KroneckerWeight.Shape shape = KroneckerWeight.Shape.of(features, features, 1);
    assertThat(shape.outerColumns()).isEqualTo(below);
    assertThat(shape.columns()).isEqualTo(above);
  }

  @Test
  void a_made_weight_is_kept_for_the_backward_pass() {
    long loha = estimate("--targets q_proj --method loha").allocatedBytes();
    long ia3 = estimate("--targets q_proj --method ia3").allocatedBytes();
    // In 16 bits, one for each of 2 layers.
    assertThat(loha - ia3).isGreaterThan(2L * 2 * 1024 * 1024);
  }

  /** peft/tuners/vera/bnb.py is gone since 0.20, and PEFT's one layer widens its inputs. */
  @Test
  void a_quantised_base_has_the_usual_layer_since_a_release() {
    String vera = "--method vera --quantization nf4 --precision bf16 --kbit-prepare false --peft ";
    long old = estimate(vera + "0.19.1").allocatedBytes();
    long last = estimate(vera + "0.20.0").allocatedBytes();

    assertThat(last).isNotEqualTo(old);
    assertThat(estimate(vera + "0.21.2").allocatedBytes()).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework litgpt --method ia3, method ia3 under a framework.name",
    "--peft 0.17.1 --method vera, method vera of framework.peft before 0.18",
    "--quantization int8 --method vera, method vera on model.quantization.scheme int8",
    "--quantization nf4 --method loha, 'model.quantization.scheme is nf4, but PEFT''s method loha'",
    "--compile true --method lokr, method lokr with torch.compile",
    "--strategy zero3 --gpu h100:2 --method ia3, method ia3 under zero3",
  })
  void other_code_is_not_modelled(String flags, String gap) {
    assertThatThrownBy(() -> estimate("--targets q_proj " + flags)).hasMessageContaining(gap);
  }

  @Test
  void what_a_form_has_not_is_ignored() {
    assertThat(estimate("--method ia3 --rank 64 --dropout 0.1").allocatedBytes())
        .isEqualTo(estimate("--method ia3").allocatedBytes());
  }
}
