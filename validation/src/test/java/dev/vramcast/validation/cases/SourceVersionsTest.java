package dev.vramcast.validation.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceVersionsTest {

  private final SourceVersions versions =
      SourceVersions.of(
          List.of(
              "# a comment",
              "owner/name docs/\tframework.date=2024-02\twhen it was written",
              "owner/name docs/new.md\tframework.torch=2.5 framework.version=1.2\tits banner"));

  @Test
  void the_longest_beginning_of_a_source_counts() {
    assertThat(versions.of("owner/name docs/old.md @HEAD"))
        .isEqualTo(Map.of(JobKey.FRAMEWORK_DATE, "2024-02"));
    assertThat(versions.of("owner/name docs/new.md @HEAD"))
        .isEqualTo(Map.of(JobKey.TORCH_VERSION, "2.5", JobKey.FRAMEWORK_VERSION, "1.2"));
    assertThat(versions.of("owner/other docs/new.md")).isEmpty();
  }

  @Test
  void a_line_whose_key_is_unknown_is_refused() {
    assertThatThrownBy(() -> SourceVersions.of(List.of("a\tframework.tourch=2.5\tb")))
        .hasMessageContaining("framework.tourch");
  }

  @Test
  void every_shipped_version_is_one_that_a_job_can_state() {
    assertThat(SourceVersions.shipped().bySource()).isNotEmpty();
    SourceVersions.shipped()
        .bySource()
        .values()
        .forEach(values -> values.forEach((key, text) -> assertThat(key.parse(text)).isNotNull()));
  }
}
