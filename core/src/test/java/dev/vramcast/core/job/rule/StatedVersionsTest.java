package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.stream.Stream;
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

  @ParameterizedTest
  @CsvSource({
    "--framework-version, 0.9.0, 2.4, 4.45, 0.12, 0.44, 0.33",
    "--framework-version, 0.9.2, 2.6, 4.49, 0.12, 0.45, 1.2",
    "--framework-version, 0.9.3, 2.7, 4.52, 0.15, 0.46, 1.7",
    "--framework-version, 0.9.4, 2.9, 4.57, 0.17, 0.49, 1.11",
    "--date, 2026-01, 2.10, 4.57, 0.17, 0.49, 1.11",
    "--framework-version, 0.9.5, 2.12, 5.6, 0.18, 0.49, 1.11"
  })
  void libraries_are_the_newest_that_the_frameworks_release_allows(
      String flag,
      String value,
      String torch,
      String transformers,
      String peft,
      String bitsandbytes,
      String accelerate) {
    Framework runs = framework("llama-factory", flag, value);

    assertThat(
            List.of(
                runs.torch(),
                runs.transformers(),
                runs.peft(),
                runs.bitsandbytes(),
                runs.accelerate()))
        .isEqualTo(
            Stream.of(torch, transformers, peft, bitsandbytes, accelerate)
                .map(Version::parse)
                .toList());
  }

  @ParameterizedTest
  @CsvSource({"0.5.3, 2.4, 0.42", "0.5.7, 2.5, 0.44", "0.5.12, 2.9, 0.47"})
  void patches_of_a_framework_that_are_years_apart_have_libraries_of_their_own(
      String release, String torch, String bitsandbytes) {
    Framework runs = framework("litgpt", "--framework-version", release);

    assertThat(runs.torch()).isEqualTo(Version.parse(torch));
    assertThat(runs.bitsandbytes()).isEqualTo(Version.parse(bitsandbytes));
  }

  private static Framework framework(String name, String flag, String value) {
    JobDocument document = deepspeed("--framework", name, flag, value);
    return JobResolver.resolve(document).job().framework();
  }

  @Test
  void a_tag_stands_for_its_release() {
    assertThat(PartialJob.release("v0.13.2")).isEqualTo(PartialJob.release("0.13.2"));
  }

  private static JobDocument deepspeed(String... flags) {
    JobDocument document = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    for (int i = 0; i < flags.length; i += 2) {
      document = document.withFlag(JobKey.ofFlag(flags[i]).orElseThrow(), flags[i + 1]);
    }
    return document;
  }

  private static Resolution zero(String... more) {
    JobDocument document = deepspeed(more).withFlag(JobKey.STRATEGY, "zero2");
    return JobResolver.resolve(document.withFlag(JobKey.GPU_COUNT, "2"));
  }

  @ParameterizedTest
  @CsvSource({
    "--date, 2023-12, 0.12",
    "--transformers, 4.36, 0.12",
    "--deepspeed-version, 0.14, 0.14",
    "--framework-version, 0.13, 0.13.0"
  })
  void where_zero_runs_the_deepspeed_that_is_followed_is_told(
      String flag, String value, String version) {
    String framework = flag.startsWith("--framework") ? "deepspeed" : "transformers";
    Resolution resolution = zero("--framework", framework, flag, value);

    assertThat(resolution.value(JobKey.DEEPSPEED_VERSION).orElseThrow().value()).isEqualTo(version);
    assertThat(resolution.job().framework().deepspeed()).isEqualTo(Version.parse(version));
    assertThat(JobResolver.resolve(deepspeed()).value(JobKey.DEEPSPEED_VERSION)).isEmpty();
  }

  @Test
  void two_versions_of_one_deepspeed_are_refused_and_a_longer_one_is_not() {
    assertThatThrownBy(
            () ->
                zero(
                    "--framework",
                    "deepspeed",
                    "--framework-version",
                    "0.12",
                    "--deepspeed-version",
                    "0.19"))
        .hasMessageContaining("deepspeed-version")
        .hasMessageContaining("0.19")
        .hasMessageContaining("0.12");
    assertThat(
            zero(
                    "--framework",
                    "deepspeed",
                    "--framework-version",
                    "0.12",
                    "--deepspeed-version",
                    "0.12.6")
                .job()
                .framework()
                .deepspeed())
        .isEqualTo(Version.parse("0.12.6"));
  }

  @Test
  void a_deepspeed_that_nothing_runs_is_said_to_be_ignored() {
    assertThat(
            JobResolver.resolve(deepspeed("--deepspeed-version", "0.19")).warnings().stream()
                .map(Notice::toString))
        .containsExactly(
            "--deepspeed-version: framework.deepspeed is ignored: parallelism.strategy is none");
    assertThat(zero("--deepspeed-version", "0.19").warnings()).isEmpty();
  }
}
