package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TransformerEngine's products take so many rows alone, which the most of something is of. */
class EngineRowsTest {

  private static final Pattern FOUND = Pattern.compile("\"value\": (\\d+)");

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "max --sequence --micro-batch 1 --quantized-training fp8 --gpu h100, 8",
    "max --sequence --micro-batch 2 --quantized-training mxfp8 --gpu b200, 16",
    "max --batch --sequence-length 1001 --quantized-training fp8 --gpu h100, 8",
    "max --batch --sequence-length 1004 --quantized-training fp8 --gpu h100, 2",
  })
  void the_most_is_a_multiple_of_what_they_take(String command, int multiple) {
    CliRun run =
        CliRun.of(
            List.of(
                (command
                        + " --model llama-3.2-1b --profile bare --framework transformers"
                        + " --method full --quantized-training-implementation transformer-engine"
                        + " --offline --format json")
                    .split(" ")));

    assertThat(run.code()).as(run.err()).isZero();
    List<Integer> found =
        FOUND.matcher(run.out()).results().map(each -> Integer.valueOf(each.group(1))).toList();
    assertThat(found).isNotEmpty().allSatisfy(most -> assertThat(most % multiple).isZero());
  }
}
