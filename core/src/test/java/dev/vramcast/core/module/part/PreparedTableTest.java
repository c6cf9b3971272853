package dev.vramcast.core.module.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tables that k-bit preparation makes fp32: TRL's ORPO brings those back that have one of a few
 * names, or whose head has (trl/experimental/utils.py peft_module_casting_to_bf16).
 */
class PreparedTableTest {

  private static final Map<String, Object> TIED = Map.of("tie_word_embeddings", true);

  @ParameterizedTest
  @CsvSource({"llama, 2", "modernbert-decoder, 4"})
  void a_tied_table_is_brought_back_by_its_name_or_the_heads(String type, long bytes) {
    Map<String, Object> config = Estimates.config(type, TIED);
    long elements = (int) config.get("vocab_size") * (long) (int) config.get("hidden_size");

    assertThat(table(type)).isEqualTo(bytes * elements);
  }

  private static long table(String type) {
    return Estimates.of(
            Estimates.model(type, TIED),
            "--stage orpo --method qlora --framework trl --precision bf16-mixed")
        .alive()
        .stream()
        .filter(each -> each.name().equals("embeddings"))
        .mapToLong(Alive::bytes)
        .sum();
  }
}
