package dev.vramcast.formats.training.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {

  private static final String OLD =
      "model_name_or_path: a/b\nuse_peft: true\nmax_seq_length: 1024\n";

  private static final String NEW = "model_name_or_path: a/b\nuse_peft: true\ndtype: bfloat16\n";

  @Test
  void a_key_is_right_at_a_release_that_has_it() {
    assertThat(codes(OLD, "max_seq_length", "")).contains(FindingCode.RENAMED_KEY);
    assertThat(codes(OLD, "max_seq_length", "0.12.2")).isEmpty();
    assertThat(codes(NEW, "dtype", "1.0.0")).isEmpty();
  }

  @Test
  void a_key_is_unknown_at_a_release_that_has_it_no_more_or_not_yet() {
    assertThat(codes(OLD, "max_seq_length", "0.24.0")).containsExactly(FindingCode.UNKNOWN_KEY);
    assertThat(messages(OLD, "0.24.0"))
        .contains("max_seq_length is a key that TRL 0.24.0 has no more: it went by 0.20.0");
    assertThat(messages(NEW, "0.20.0"))
        .contains("dtype is a key that TRL 0.20.0 has not yet: it came after 0.21.0");
  }

  @Test
  void between_two_releases_that_differ_nothing_is_said() {
    assertThat(codes(NEW, "dtype", "0.22.0")).isEmpty();
  }

  @Test
  void a_value_that_the_parser_refuses_is_said_with_those_that_it_takes() {
    String yaml =
        "base_model: a/b\ndatasets: [{path: a}]\nmicro_batch_size: 1\nrl_x: 1\nrl: dopo\n";

    assertThat(
            SchemaCheck.of(Readings.of("a.yaml", yaml), Optional.empty()).findings().stream()
                .filter(finding -> finding.key().equals("rl"))
                .filter(finding -> finding.code() == FindingCode.REFUSED)
                .map(finding -> finding.notice().toString()))
        .anyMatch(text -> text.contains("rl is dopo, which its parser refuses, allowed: dpo"));
  }

  @Test
  void formats_without_a_table_stay_as_they_are() {
    Reading reading = Readings.ofSample("automodel/peft.yaml");

    assertThat(SchemaCheck.of(reading, Optional.of(Version.of(1, 0)))).isEqualTo(reading);
  }

  private static List<FindingCode> codes(String yaml, String key, String release) {
    return checked(yaml, release).findings().stream()
        .filter(finding -> finding.key().equals(key))
        .filter(finding -> finding.code().isWarning())
        .map(Finding::code)
        .toList();
  }

  private static String messages(String yaml, String release) {
    return checked(yaml, release).findings().stream()
        .map(finding -> finding.notice().toString())
        .reduce("", (all, one) -> all + one + "\n");
  }

  private static Reading checked(String yaml, String release) {
    return SchemaCheck.of(
        Readings.of("sft.yaml", yaml),
        Optional.of(release).filter(text -> !text.isEmpty()).map(Version::parse));
  }
}
