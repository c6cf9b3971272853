package dev.vramcast.validation.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedCasesTest {

  @Test
  void all_cases_are_there() {
    assertThat(cases(ShippedCases.EXACT)).hasSize(251);
    assertThat(cases(ShippedCases.TRAINERS)).hasSize(1710);
    assertThat(cases(ShippedCases.PREFERENCE)).hasSize(67);
    assertThat(cases(ShippedCases.STAGES)).hasSize(1240);
    assertThat(cases(ShippedCases.IMAGES)).hasSize(330);
    assertThat(cases(ShippedCases.SEQUENCES)).hasSize(36);
    assertThat(cases(ShippedCases.OPTIMIZERS)).hasSize(113);
    assertThat(cases(ShippedCases.ADAPTERS)).hasSize(133);
    assertThat(cases(ShippedCases.EMBEDDINGS)).hasSize(65);
    assertThat(cases(ShippedCases.SOUND)).hasSize(64);
    assertThat(cases(ShippedCases.SEQ2SEQ)).hasSize(172);
    assertThat(cases(ShippedCases.LIFE)).hasSize(64);
    assertThat(cases(ShippedCases.TYPES)).hasSize(569);
    assertThat(cases(ShippedCases.RESERVED)).hasSize(179);
    assertThat(cases(ShippedCases.MEASURED)).hasSize(495);
    assertThat(cases(ShippedCases.PUBLISHED)).hasSize(786);
    assertThat(cases(ShippedCases.THROUGHPUT)).hasSize(858).allMatch(Case::isThroughput);
  }

  @Test
  void each_case_has_its_own_id_and_a_source() {
    List<Case> all = cases(ShippedCases.EXACT);
    all.addAll(cases(ShippedCases.TRAINERS));
    all.addAll(cases(ShippedCases.PREFERENCE));
    all.addAll(cases(ShippedCases.STAGES));
    all.addAll(cases(ShippedCases.IMAGES));
    all.addAll(cases(ShippedCases.SEQUENCES));
    all.addAll(cases(ShippedCases.OPTIMIZERS));
    all.addAll(cases(ShippedCases.ADAPTERS));
    all.addAll(cases(ShippedCases.EMBEDDINGS));
    all.addAll(cases(ShippedCases.SOUND));
    all.addAll(cases(ShippedCases.SEQ2SEQ));
    all.addAll(cases(ShippedCases.LIFE));
    all.addAll(cases(ShippedCases.TYPES));
    all.addAll(cases(ShippedCases.RESERVED));
    all.addAll(cases(ShippedCases.MEASURED));
    all.addAll(cases(ShippedCases.PUBLISHED));
    all.addAll(cases(ShippedCases.THROUGHPUT));

    assertThat(all).extracting(Case::id).doesNotHaveDuplicates();
    assertThat(all).extracting(Case::source).noneMatch(String::isBlank);
  }

  private static List<Case> cases(ShippedCases shipped) {
    List<Case> cases = new ArrayList<>();
    shipped.read(cases::add);
    return cases;
  }
}
