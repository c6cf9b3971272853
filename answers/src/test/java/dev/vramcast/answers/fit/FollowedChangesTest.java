package dev.vramcast.answers.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever takes a change as it is written gets the figures that stand beside it. */
class FollowedChangesTest {

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"llama-3.1-8b, full, 2x4090", "llama-3.1-8b, full, rtx-4090"})
  void each_change_asked_alone_gives_its_own_figures(String model, String method, String gpu) {
    Map<String, Object> job =
        Map.of("model", Map.of("id", model), "method", method, "hardware", Map.of("gpu", gpu));
    Asked.Json answer = Asked.json(new FitOperation(), Map.of("job", job));

    List<?> changes =
        Stream.of("alone", "together")
            .flatMap(kind -> ((List<?>) answer.get(kind)).stream())
            .toList();

    assertThat(changes).hasSizeGreaterThan(3);
    for (Object each : changes) {
      Asked.Json change = new Asked.Json((Map<?, ?>) each);
      Asked.Json followed = Asked.json(new FitOperation(), Map.of("job", change.get("job")));
      assertThat(followed.whole("needed_bytes"))
          .as(String.valueOf(change.get("change")))
          .isEqualTo(change.whole("needed_bytes"));
      assertThat(followed.get("verdict")).isEqualTo(change.get("verdict"));
    }
  }
}
