package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatedVersionsTest {

  private static List<String> warnings(String flag, String version) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .withFlag(JobKey.FRAMEWORK_NAME, "axolotl")
            .withFlag(JobKey.ofFlag(flag).orElseThrow(), version);
    return JobResolver.resolve(document).warnings().stream().map(Notice::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "--torch, 0, older than 1.13",
    "--torch, 99, newer than 2.15",
    "--transformers, 4.0, older than 4.22",
    "--transformers, 6.1, newer than 5.24",
    "--peft, 0.99.1, newer than 0.21",
    "--framework-version, 0.77.0, newer than 0.19",
    "--peft, 0.99999999999, newer than 0.21",
    "--framework-version, v1.0, newer than 0.19",
    "--framework-version, 1.99999999999, newer than 0.19"
  })
  void a_version_outside_the_releases_that_are_known_is_said(
      String flag, String version, String how) {
    String key = JobKey.ofFlag(flag).orElseThrow().path();
    String which = how.startsWith("older") ? "oldest" : "newest";

    assertThat(warnings(flag, version))
        .containsExactly(
            flag
                + ": "
                + key
                + " "
                + version
                + " is "
                + how
                + ", the "
                + which
                + " release that is known, whose code is followed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99x", "main", "5"})
  void a_framework_version_that_is_neither_release_nor_commit_is_said(String version) {
    assertThat(warnings("--framework-version", version))
        .containsExactly(
            "--framework-version: framework.version "
                + version
                + " is neither a release, such as 0.13.0, nor a commit: the newest is followed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.13.0", "v0.13.0", "0.15.2.dev0", "23e00ed", "0.4"})
  void releases_their_tags_and_commits_are_taken_without_a_word(String version) {
    assertThat(warnings("--framework-version", version)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--torch, 2.15.1+cu130", "--transformers, 4.57.6", "--peft, 0.2", "--trl, 1.16.0"})
  void releases_of_libraries_are_taken_without_a_word(String flag, String version) {
    assertThat(warnings(flag, version)).isEmpty();
  }

  @Test
  void a_framework_that_is_a_library_may_be_too_old_too() {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .withFlag(JobKey.FRAMEWORK_NAME, "trl")
            .withFlag(JobKey.FRAMEWORK_VERSION, "0.0.1");
    assertThat(JobResolver.resolve(document).warnings().toString())
        .contains("framework.version 0.0.1 is older than 0.1");
  }

  @Test
  void a_tag_stands_for_its_release() {
    assertThat(PartialJob.release("v0.13.2")).isEqualTo(PartialJob.release("0.13.2"));
  }
}
