package dev.vramcast.formats.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.InputException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectionFileTest {

  @Test
  void what_is_written_is_read_again() {
    SavedCorrection one = saved("one", OptionalDouble.of(0.9));
    SavedCorrection two = saved("two", OptionalDouble.empty());

    CorrectionFile file = CorrectionFile.empty().with(one).with(two);

    assertThat(CorrectionFile.parse(file.text(), "c.ini").corrections()).containsExactly(one, two);
  }

  @Test
  void what_people_wrote_stays_as_it_is() {
    String mine = "# my own words\n\n" + text() + "\n# and more\n";
    CorrectionFile file = CorrectionFile.parse(mine, "c.ini");

    CorrectionFile more = file.with(saved("two", OptionalDouble.empty()));

    assertThat(more.text()).startsWith(mine);
    assertThat(more.without("two").text().strip()).isEqualTo(mine.strip());
    assertThat(file.without("one").text()).isEqualTo("# my own words\n\n\n# and more\n");
  }

  @Test
  void windows_line_ends_and_spaces_are_no_matter() {
    String text = text().replace("\n", "\r\n").replace(" = ", "   =");

    assertThat(CorrectionFile.parse(text, "c.ini").corrections())
        .containsExactly(saved("one", OptionalDouble.of(0.9)));
  }

  @Test
  void a_name_is_taken_once() {
    CorrectionFile file = CorrectionFile.parse(text(), "c.ini");

    assertThatThrownBy(() -> file.with(saved("one", OptionalDouble.empty())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'one' is kept already");
    assertThatThrownBy(() -> file.without("oen"))
        .hasMessage("no correction 'oen', kept: one. Did you mean 'one'?");
  }

  /** What stands in place of a text, and what the message about it says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[one]             | [o n e]             | c.ini:1: '[o n e]' is no name in brackets",
        "[one]             | tensors = 1         | c.ini:1: 'tensors = 1' stands before any",
        "tensors = 1.1     | tensors = 3         | c.ini:5: tensors is '3', allowed: a factor from",
        "tensors = 1.1     | tensors = NaN       | c.ini:5: tensors is 'NaN', allowed: a factor",
        "tensors = 1.1     | tensors = -1        | c.ini:5: tensors is '-1', allowed: a factor",
        "tensors = 1.1     | tensors             | c.ini:5: 'tensors' has no =",
        "tensors = 1.1     | tensor = 1.1        | c.ini:5: unknown key 'tensor'. Did you mean",
        "tensors = 1.1     | date = 2026-11-25   | c.ini:5: date is given twice",
        "tensors = 1.1     | # tensors = 1.1     | c.ini:1: tensors of 'one' is missing",
        "date = 2026-11-25 | date = yesterday    | c.ini:3: date is 'yesterday', allowed: a day as",
        "outside_bytes = 9 | outside_bytes = 9e9 | outside_bytes is '9e9', allowed: a whole number",
        "tokens = 2048     | tokens = 0          | tokens is '0', allowed: a whole number from 1",
        "method = m-method | method =            | method of 'one' is missing"
      })
  void what_is_wrong_is_said_with_its_line(String right, String wrong, String message) {
    assertThat(text()).contains(right);

    assertThatThrownBy(() -> CorrectionFile.parse(text().replace(right, wrong), "c.ini"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void the_same_name_twice_is_refused() {
    assertThatThrownBy(() -> CorrectionFile.parse(text() + text(), "c.ini"))
        .hasMessageContaining("the name 'one' is there twice");
    assertThatThrownBy(() -> CorrectionFile.parse("[" + "x".repeat(9000) + "]", "c.ini"))
        .hasMessage("c.ini:1: longer than 500 characters");
  }

  private static String text() {
    return SectionText.of(saved("one", OptionalDouble.of(0.9)));
  }

  private static SavedCorrection saved(String name, OptionalDouble speed) {
    Map<String, String> code = new LinkedHashMap<>();
    JobScope.NAMES.forEach(key -> code.put(key, "m-" + key));
    return new SavedCorrection(
        name,
        "trainer_state.json, smi.csv",
        LocalDate.parse("2026-11-25"),
        "0.1.0",
        new Correction(1.1, 0.95, 9, speed),
        new JobScope(code, 8_000_000_000L, 2048));
  }
}
