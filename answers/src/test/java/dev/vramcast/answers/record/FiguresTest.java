package dev.vramcast.answers.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.record.Figure.Group;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.FigureLines;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.range.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static final Terminal TERMINAL = new Terminal(Terminal.PLAIN_WIDTH, false, true);

  record Sample(
      @Describes("What the device must have.") long neededBytes,
      Usd costUsd,
      Duration stepSeconds,
      OptionalDouble chance,
      Map<Verdict, Long> byVerdictBytes,
      List<Item> items,
      Range range,
      @ShownAs("Settings") List<Item> settings,
      @Describes("A place.") Optional<Item> other) {
    public static final String KIND = "sample";
  }

  record Item(@Describes("Its name.") String name, Extra<Long> bytes) {}

  record Range(double low, double high) implements Inline {}

  private static Sample sample(List<Item> items) {
    return new Sample(
        3L << 30,
        new Usd(new BigDecimal("12.3456")),
        Duration.ofMillis(1500),
        OptionalDouble.empty(),
        Map.of(Verdict.FITS, 1L << 30),
        items,
        new Range(0.123456, 12_345.6),
        List.of(new Item("left out", Extra.none())),
        Optional.empty());
  }

  @Test
  void every_component_has_a_line_in_its_unit_and_what_it_means() {
    Sample sample = sample(List.of(new Item("a", Extra.of(1L << 30)), new Item("b", Extra.none())));

    assertThat(FigureLines.of(sample, TERMINAL))
        .containsExactly(
            "Every figure",
            "  kind                     sample",
            "  needed_bytes           3.00 GiB  What the device must have.",
            "  cost_usd                 $12.35",
            "  step_seconds             1.50 s",
            "  chance                        -",
            "  by_verdict_bytes  fits 1.00 GiB",
            "  low                      0.1235",
            "  high                     12,346",
            "  other                         -  A place.",
            "",
            "items[]",
            "  name          a, b  Its name.",
            "  bytes  1.00 GiB, -");
  }

  @Test
  void what_a_table_shows_already_is_left_out() {
    assertThat(Figures.of(sample(List.of())))
        .flatExtracting(Group::figures)
        .extracting(Figure::name)
        .contains("items")
        .doesNotContain("settings");
  }

  @Test
  void a_long_list_breaks_off_and_says_how_many_follow() {
    List<Item> many =
        IntStream.range(0, 500).mapToObj(i -> new Item("name" + i, Extra.none())).toList();

    assertThat(String.join("\n", FigureLines.of(sample(many), TERMINAL)))
        .contains("name0, name1,")
        .containsPattern("and 47\\d more");
  }
}
