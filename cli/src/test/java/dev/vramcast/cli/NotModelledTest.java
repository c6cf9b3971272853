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

  private static final String REASON = "objective.stage masked-lm of a gpt2 is not modelled yet";
  private static final String FACTORY_REASON =
      "precision bf16 in objective.stage ppo is not modelled yet, modelled: precision bf16-mixed,"
          + " fp16-mixed";

  @TempDir Path folder;
  private String document;
  private String factory;

  @BeforeEach
  void write() throws IOException {
    document = file("job.yaml", "model: {id: gpt2}\nobjective: {stage: masked-lm}\n");
    factory =
        file(
            "factory.yaml",
            "model_name_or_path: gpt2\nstage: ppo\nfinetuning_type: lora\ncutoff_len: 512\n"
                + "pure_bf16: true\nper_device_train_batch_size: 1\nreward_model: a/b\n");
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
    for (String job : List.of(document, factory)) {
      CliRun run = run(command, job);
      assertThat(run.code()).isEqualTo(ExitCode.NOT_MODELLED).isEqualTo(4);
      assertThat(run.out().replace("\n    ", " "))
          .isEqualTo(
              words(
                  job.equals(document)
                      ? document + ":2:13: " + REASON
                      : factory
                          + ":5:1, pure_bf16: "
                          + FACTORY_REASON.replace(
                              "modelled: precision", "modelled: --precision")));
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
    for (String job : List.of(document, factory)) {
      CliRun run = run(command + " --format json", job);
      assertThat(run.code()).isEqualTo(4);
      assertThat(run.out())
          .contains(
              "\"kind\": \"not_modelled\"",
              "\"verdict\": \"not_modelled\"",
              "\"reason\": \"" + (job.equals(document) ? REASON : FACTORY_REASON) + "\"")
          .doesNotContain("bytes");
    }
  }

  @Test
  void where_only_the_size_or_no_model_is_known() {
    assertThat(
            CliRun.of("estimate", "--params", "7B", "--stage", "ppo", "--framework", "trl").code())
        .isEqualTo(4);
    assertThat(
            CliRun.of(
                    "cost",
                    "--params",
                    "7B",
                    "--tokens",
                    "1e6",
                    "--stage",
                    "ppo",
                    "--framework",
                    "trl")
                .code())
        .isEqualTo(4);
    assertThat(CliRun.of("max", "--memory", "24GB", "--images", "2").code()).isEqualTo(4);
  }

  @Test
  void with_every_key_that_is_missing() {
    CliRun run =
        CliRun.of(
            "estimate",
            "--model",
            "gpt2",
            "--stage",
            "masked-lm",
            "--memory-in-use",
            "2",
            "--system",
            "wsl");
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "--memory-in-use and --system wsl (what Windows keeps of a card, and how much of the"
                + " host it lets a process pin) are not modelled yet, modelled: --system linux.");
  }

  @Test
  void a_file_is_not_written_for_another_stage() {
    CliRun run =
        CliRun.of("write", "--model", "gpt2", "--stage", "dpo", "--to", "litgpt", "--offline");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo("vramcast: litgpt cannot be told --stage dpo, allowed: sft");
  }

  @Test
  void what_contradicts_itself_is_bad_input_and_no_verdict() {
    CliRun run =
        CliRun.of(
            "estimate",
            document,
            "--stage",
            "dpo",
            "--method",
            "full",
            "--reference",
            "adapter-off");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "vramcast: --reference is adapter-off, but --method full has no adapters, allowed:"
                + " none, copy, precomputed, or --method lora, qlora, dora, rslora, pissa, oft,"
                + " ia3, vera, loha, lokr, miss\n");
  }

  private static String words(String reason) {
    return "  Verdict  not modelled\n  · " + reason + ".\n";
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
