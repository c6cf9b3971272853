package dev.vramcast.answers.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.text.JsonText;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.range.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

  record Sample(
      long neededBytes,
      Usd costUsd,
      Duration p90Seconds,
      LocalDate today,
      Verdict class_,
      List<Item> items,
      Map<Verdict, Long> byVerdict) {
    public static final String KIND = "sample";
  }

  record Item(Optional<String> note, Extra<OptionalDouble> speed) {}

  @Test
  void names_are_in_snake_case_and_values_in_the_unit_that_they_say() {
    Sample sample =
        new Sample(
            1L << 40,
            new Usd(new BigDecimal("1.23456789")),
            Duration.ofMillis(1500),
            LocalDate.of(2026, 11, 5),
            Verdict.DOES_NOT_FIT,
            List.of(new Item(Optional.empty(), Extra.none())),
            Map.of(Verdict.FITS, 3L));

    assertThat(JsonText.of(RecordJson.answer(sample, "1.2.3")))
        .isEqualTo(
            """
            {
              "vramcast_version": "1.2.3",
              "kind": "sample",
              "needed_bytes": 1099511627776,
              "cost_usd": 1.234568,
              "p90_seconds": 1.5,
              "today": "2026-11-05",
              "class": "does_not_fit",
              "items": [
                {
                  "note": null
                }
              ],
              "by_verdict": {
                "fits": 3
              }
            }
            """);
  }

  record Held(int first, Range range, Optional<Range> other, Extra<Range> third, Why why) {}

  record Range(long low, long high) implements Inline {}

  sealed interface Why extends Inline {}

  record TooLarge(long bytes) implements Why {
    public static final String REASON = "too_large";
  }

  record Unknown() implements Why {
    public static final String REASON = "unknown";
  }

  @Test
  void keys_of_inline_records_stand_among_those_around_them() {
    Range range = new Range(2, 3);

    assertThat(
            RecordJson.of(
                new Held(1, range, Optional.empty(), Extra.of(new Range(4, 5)), new TooLarge(6))))
        .containsExactly(
            Map.entry("first", 1),
            Map.entry("low", 4L),
            Map.entry("high", 5L),
            Map.entry("reason", "too_large"),
            Map.entry("bytes", 6L));
    assertThat(RecordJson.of(new Held(1, range, Optional.of(range), Extra.none(), new Unknown())))
        .containsExactly(
            Map.entry("first", 1),
            Map.entry("low", 2L),
            Map.entry("high", 3L),
            Map.entry("reason", "unknown"));
  }

  record Wrong(Thread thread) {}

  @Test
  void a_type_that_nobody_can_tell_is_refused() {
    assertThatThrownBy(() -> RecordJson.of(new Wrong(Thread.currentThread())))
        .hasMessage("no answer can hold java.lang.Thread");
  }
}
