package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job that no figure is made of has the same verdict in every command. */
class NotModelledTest {

  private static final String WORDS =
      """
        Verdict  not modelled
        · objective.stage dpo is not modelled yet.
      """;

  @TempDir Path folder;
  private String document;
  private String axolotl;

  @BeforeEach
  void write() throws IOException {
    document = file("job.yaml", "model: {id: gpt2}\nobjective: {stage: dpo}\n");
    axolotl =
        file(
            "axolotl.yml",
            "base_model: gpt2\nadapter: lora\nlora_r: 8\nsequence_len: 512\n"
                + "micro_batch_size: 1\nrl: dpo\n");
  }

  @ParameterizedTest
  @CsvSource({
    "estimate",
    "fit --gpu l4",
    "plan --tokens 1e6",
    "cost --tokens 1e6",
    "max --batch --gpu l4",
    "max --sequence --gpu l4",
  })
  void in_words_and_as_an_exit_code(String command) {
    for (String job : List.of(document, axolotl)) {
      CliRun run = run(command, job);
      assertThat(run.code()).isEqualTo(ExitCode.NOT_MODELLED).isEqualTo(4);
      assertThat(run.out()).isEqualTo(WORDS);
      assertThat(run.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "estimate",
    "fit --gpu l4",
    "plan --tokens 1e6",
    "cost --tokens 1e6",
    "max --batch --gpu l4",
  })
  void as_data(String command) {
    for (String job : List.of(document, axolotl)) {
      CliRun run = run(command + " --format json", job);
      assertThat(run.code()).isEqualTo(4);
      assertThat(run.out())
          .contains(
              "\"kind\": \"not_modelled\"",
              "\"verdict\": \"not_modelled\"",
              "\"reason\": \"objective.stage dpo is not modelled yet\"")
          .doesNotContain("bytes");
    }
  }

  @Test
  void where_only_the_size_or_no_model_is_known() {
    assertThat(CliRun.of("estimate", "--params", "7B", "--stage", "grpo").code()).isEqualTo(4);
    assertThat(CliRun.of("cost", "--params", "7B", "--tokens", "1e6", "--stage", "grpo").code())
        .isEqualTo(4);
    assertThat(CliRun.of("max", "--memory", "24GB", "--images", "2").code()).isEqualTo(4);
  }

  @Test
  void with_every_key_that_is_missing() {
    CliRun run =
        CliRun.of("estimate", "--model", "gpt2", "--stage", "dpo", "--images", "2", "--merge");
    assertThat(run.out())
        .contains("objective.stage dpo, batch.images and saving.merge are not modelled yet.");
  }

  @Test
  void a_file_is_not_written_for_another_stage() {
    CliRun run = CliRun.of("write", axolotl, "--to", "trl", "--offline");
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.out()).isEqualTo(WORDS);
  }

  @Test
  void what_contradicts_itself_is_bad_input_and_no_verdict() {
    CliRun run = CliRun.of("estimate", document, "--method", "full", "--reference", "adapter-off");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "vramcast: --reference: objective.reference is adapter-off, but method full has no"
                + " adapters, allowed: none, copy, precomputed, or method lora, qlora, dora,"
                + " rslora, pissa\n");
  }

  private CliRun run(String command, String job) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.add(1, job);
    words.add("--offline");
    return CliRun.of(words);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
