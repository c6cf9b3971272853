package dev.vramcast.validation.saved;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.MeasuredPhase;
import dev.vramcast.validation.Validation;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory of a card while a checkpoint is written or read, and while adapters are merged. */
@Tag("slow")
class LifeCasesTest {

  private static final List<CaseResult> RESULTS = Validation.shipped(ShippedCases.LIFE).results();

  @ParameterizedTest
  @EnumSource(names = {"SAVE", "RESUME", "MERGE"})
  void every_part_of_a_run_takes_of_a_card_what_was_counted(MeasuredPhase phase) {
    List<Double> errors =
        RESULTS.stream()
            .filter(each -> each.phaseErrors().containsKey(phase))
            .map(each -> Math.abs(each.phaseErrors().get(phase)))
            .sorted()
            .toList();

    assertThat(errors).hasSizeGreaterThan(15).allSatisfy(e -> assertThat(e).isLessThan(0.003));
    assertThat(errors.get(errors.size() / 2)).isLessThan(0.0001);
  }
}
