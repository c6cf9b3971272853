package dev.vramcast.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.spark.JobArguments.Flag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobArgumentsTest {

  @Test
  void flags_that_may_repeat_keep_their_order() {
    JobArguments arguments =
        JobArguments.parse("--in", "a", "--out", "c", "--in", "b", "--spot", "--partitions", "12");

    assertThat(arguments.all(Flag.IN)).containsExactly("a", "b");
    assertThat(arguments.value(Flag.OUT)).isEqualTo("c");
    assertThat(arguments.has(Flag.SPOT)).isTrue();
    assertThat(arguments.has(Flag.OVERWRITE)).isFalse();
    assertThat(arguments.partitions()).contains(12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --in a                             | --out is missing
          --out a                            | give either --in or --spec
          --in a --spec b --out c            | give either --in or --spec
          --in a --out b --out c             | --out is given twice
          --in a --out                       | --out needs a value: PATH
          --in a --out b --partition 3       | '--partition', allowed: --in PARQUET
          --in a --out b --partition 3       | Did you mean '--partitions'?
          --in a --out b --partitions 0      | '0', allowed: 1 to 1000000
          --in a --out b --partitions 9e9    | '9e9', allowed: 1 to 1000000
          """)
  void what_cannot_be_used_is_refused_with_what_is_allowed(String arguments, String part) {
    assertThatThrownBy(() -> JobArguments.parse(arguments.split(" ")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part)
        .hasMessageNotContaining("\n");
  }
}
