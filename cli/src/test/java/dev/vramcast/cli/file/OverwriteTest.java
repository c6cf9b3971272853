package dev.vramcast.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverwriteTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prices h100 --write",
        "estimate --offline --model gpt2 --chart",
        "fit --offline --model gpt2 --gpu h100 --junit",
        "plan --offline --model gpt2 --tokens 1e6 --gpu h100 --chart",
        "validate %s --chart"
      })
  void a_file_that_is_there_is_replaced_by_who_says_so(String command) throws IOException {
    String name = command.endsWith("--chart") ? "mine.svg" : "mine.txt";
    Path mine = Files.writeString(folder.resolve(name), "mine");
    String[] asked = (command.formatted(oneCase()) + " " + mine).split(" ");

    CliRun refused = CliRun.of(asked);

    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).endsWith(name + ": is there already; --overwrite replaces it\n");
    assertThat(refused.out()).isEmpty();
    assertThat(mine).hasContent("mine");
    CliRun replaced =
        CliRun.of(Stream.concat(Stream.of(asked), overwrite()).toArray(String[]::new));
    assertThat(replaced.code()).isEqualTo(ExitCode.OK);
    assertThat(mine).content().isNotEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--write", "--write-ranges", "--write-figures"})
  void what_the_build_keeps_is_no_exception(String option) throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");

    CliRun refused = CliRun.of("validate", option, mine.toString());

    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).endsWith("mine.txt: is there already; --overwrite replaces it\n");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void so_are_both_files_that_a_fit_writes() throws IOException {
    Path mine = Files.writeString(folder.resolve("residuals.tsv"), "mine");

    CliRun refused = CliRun.of("validate", "--fit-time", folder.toString());

    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).endsWith(mine + ": is there already; --overwrite replaces it\n");
    assertThat(folder).isDirectoryContaining(mine::equals);
  }

  @Test
  void a_training_file_that_was_mended_before_is_one_too() throws IOException {
    Path file = folder.resolve("sft.yaml");
    Files.writeString(file, "base_model: gpt2\nadapter: lora\nmicro_batch_sise: 2\nlora_r: 8\n");
    Path mine = Files.writeString(folder.resolve("sft.fixed.yaml"), "mine");

    CliRun refused = CliRun.of("lint", file.toString(), "--fix");

    assertThat(refused.err())
        .endsWith("sft.fixed.yaml: is there already; --overwrite replaces it\n");
    assertThat(mine).hasContent("mine");
    assertThat(CliRun.of("lint", file.toString(), "--fix", "--overwrite").out()).contains("1 line");
    assertThat(mine).content().contains("micro_batch_size: 2");
  }

  private Path oneCase() throws IOException {
    return Files.writeString(
        folder.resolve("cases.jsonl"),
        "{\"id\": \"a\", \"source\": \"s\", \"job\": {\"model\": {\"id\": \"gpt2\"},"
            + " \"method\": \"full\", \"batch\": {\"sequence_length\": 128}},"
            + " \"measured\": {\"peak_bytes\": 1, \"kind\": \"allocated\", \"status\": \"ok\","
            + " \"quality\": \"exact\"}}\n");
  }

  private static Stream<String> overwrite() {
    return Stream.of("--overwrite");
  }
}
