package dev.vramcast.answers.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.calibrate.CalibrationRecord;
import dev.vramcast.answers.correction.CorrectionsRecord;
import dev.vramcast.answers.record.Key;
import dev.vramcast.answers.record.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerSchemasTest {

  @Test
  void every_key_of_every_answer_says_what_it_means() {
    List<Keys> all = new ArrayList<>(AnswerSchemas.records().all().values());
    all.addAll(
        RecordNames.of(List.of(Keys.of(CalibrationRecord.class), Keys.of(CorrectionsRecord.class)))
            .all()
            .values());

    assertThat(all).hasSizeGreaterThan(50);
    assertThat(all)
        .allSatisfy(
            keys ->
                assertThat(keys.all())
                    .filteredOn(key -> !key.isInline())
                    .allSatisfy(key -> assertThat(key.description()).as(key.name()).isPresent()));
  }

  @Test
  void descriptions_are_sentences() {
    for (Keys keys : AnswerSchemas.records().all().values()) {
      for (Key key : keys.all()) {
        key.description()
            .ifPresent(
                text -> assertThat(text).as(key.toString()).matches("[A-Za-z0-9][^\\n]*\\."));
      }
    }
  }

  @Test
  void a_key_that_may_be_missing_is_not_required_and_one_that_may_be_null_is() {
    Map<?, ?> spot = (Map<?, ?>) AnswerSchemas.all(List.of()).get("CostSpot");
    Map<?, ?> machine = (Map<?, ?>) AnswerSchemas.all(List.of()).get("CostMachine");

    assertThat((List<?>) spot.get("required")).hasToString("[hopeless, offer]");
    assertThat(spot.get("properties")).asString().contains("expected_usd=", "checkpoints=");
    assertThat((List<?>) machine.get("required")).asString().contains("strategy");
    assertThat(((Map<?, ?>) machine.get("properties")).get("strategy"))
        .asString()
        .contains("[string, null]");
  }
}
