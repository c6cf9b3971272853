package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@Tag("slow")
class FiguresTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Every so many of each file, which AccuracyTest estimates all of. */
  private static final int STEP = 8;

  @Test
  void everyCaseHasItsFiguresOrAReason() {
    List<Case> cases = new ArrayList<>();
    for (ShippedCases shipped : ShippedCases.values()) {
      List<Case> all = new ArrayList<>();
      shipped.read(all::add);
      for (int i = 0; i < all.size(); i += STEP) {
        cases.add(all.get(i));
      }
    }
    List<Map<?, ?>> lines =
        Figures.text(cases).lines().<Map<?, ?>>map(FiguresTest::fields).toList();
    assertThat(lines)
        .extracting(line -> line.get("id"))
        .isEqualTo(cases.stream().map(Case::id).toList());
    assertThat(lines)
        .allMatch(
            line ->
                line.containsKey("ranks")
                    || line.containsKey("tokens_per_second_per_gpu")
                    || line.containsKey("reason"));
  }

  @Test
  void theFiguresOfAnExactCaseAreWithinAPermilleOfThoseMeasured() {
    List<Case> cases = new ArrayList<>();
    ShippedCases.EXACT.read(cases::add);
    Case subject = cases.get(0);
    Map<?, ?> rank = (Map<?, ?>) ((List<?>) fields(Figures.line(subject)).get("ranks")).get(0);
    long measured = subject.measured().peakBytes().orElseThrow();
    assertThat(((Number) rank.get("allocated")).longValue())
        .isCloseTo(measured, withinPercentage(0.1));
  }

  private static Map<?, ?> fields(String line) {
    return MAPPER.readValue(line, Map.class);
  }
}
