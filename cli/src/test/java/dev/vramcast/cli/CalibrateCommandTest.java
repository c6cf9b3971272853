package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.cli.console.Environment;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.core.input.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CalibrateCommandTest {

  private static final String JOB =
      "--offline --model gpt2 --method full --sequence-length 256 --gpu rtx-4090 ";

  @TempDir private Path folder;

  @Test
  void each_figure_stands_beside_its_estimate() {
    JsonNode memory = json("estimate " + JOB).get("memory");
    JsonNode json =
        json("calibrate " + JOB + "--allocated 2.5GiB --reserved 3GiB --device 3.75GiB");

    JsonNode figures = json.get("figures");
    assertThat(figures.at("/allocated/measured_bytes").asLong()).isEqualTo(5L << 29);
    for (String figure : List.of("allocated", "reserved", "device")) {
      assertThat(figures.get(figure).get("estimated_bytes"))
          .isEqualTo(memory.get(figure + "_bytes"));
    }
    assertThat(difference(json, "caching allocator"))
        .isEqualTo((1L << 29) - bytes(memory, "reserved") + bytes(memory, "allocated"));
    assertThat(difference(json, "context and others"))
        .isEqualTo((3L << 28) - bytes(memory, "device") + bytes(memory, "reserved"));
  }

  @Test
  void several_files_are_one_run() throws IOException {
    Path state =
        Files.writeString(
            folder.resolve("trainer_state.json"),
            "{\"log_history\": [{\"train_mem_gpu_alloc_delta\": 0,"
                + " \"train_mem_gpu_peaked_delta\": 2147483648,"
                + " \"train_tokens_per_second\": 9000.0, \"train_samples_per_second\": 90.0}]}");
    Path smi = Files.writeString(folder.resolve("smi.csv"), "memory.used [MiB]\n3500 MiB\n");

    CliRun run = CliRun.of(args("calibrate " + JOB + "--run " + state + " " + smi));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("trainer_state.json, smi.csv")
        .containsSubsequence("allocated", "2.00 GiB", "on the device", "3.42 GiB")
        .contains("Examples had 100 tokens on average, the estimate is for 256");
  }

  @Test
  void a_snapshot_is_held_against_the_estimate_by_component() {
    JsonNode json = json("calibrate " + JOB + "--run " + snapshot());

    assertThat(json.get("components").findValuesAsString("name"))
        .contains("weights and adapters", "gradients", "optimizer states", "logits and loss");
  }

  @Test
  void a_correction_is_used_and_named_by_later_estimates() {
    keep("mine", "");
    CliRun plain = CliRun.of(args("estimate " + JOB));
    CliRun corrected = CliRun.of(args("estimate " + JOB + corrections()));

    assertThat(plain.out()).doesNotContain("Corrected");
    assertThat(corrected.out())
        .contains("Corrected by 'mine', from the command line of 2026-11-25")
        .contains(plain.out().lines().filter(line -> line.contains("Peak allocated")).toList());
    assertThat(CliRun.of(args("estimate " + JOB + corrections() + " --no-corrections")).code())
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(CliRun.of(args("estimate " + JOB + "--no-corrections"))).isEqualTo(plain);
  }

  @Test
  void an_estimate_refuses_corrections_of_a_file_that_is_missing() {
    for (String command : List.of("estimate ", "fit ")) {
      CliRun run = CliRun.of(args(command + JOB + corrections()));

      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.err())
          .startsWith("vramcast: --corrections: no such file as ")
          .contains("corrections.ini")
          .hasLineCount(1);
    }
  }

  @Test
  void both_figures_are_in_the_json() {
    keep("mine", "");
    JsonNode plain = json("estimate " + JOB);
    JsonNode corrected = json("estimate " + JOB + corrections());

    assertThat(corrected.get("memory")).isEqualTo(plain.get("memory"));
    assertThat(plain.has("correction")).isFalse();
    assertThat(corrected.at("/correction/name").asString()).isEqualTo("mine");
    assertThat(corrected.at("/correction/corrected/allocated_bytes").asLong())
        .isCloseTo(Math.round(1.25 * bytes(plain.get("memory"), "allocated")), within(1L << 20));
  }

  @Test
  void the_gate_goes_by_the_correction_and_says_so() {
    keep("mine", "");
    JsonNode plain = json("fit " + JOB);
    JsonNode corrected = json("fit " + JOB + corrections());

    assertThat(corrected.get("needed_bytes").asLong())
        .isGreaterThan(plain.get("needed_bytes").asLong());
    assertThat(corrected.at("/correction/uncorrected_needed_bytes"))
        .isEqualTo(plain.get("needed_bytes"));
    assertThat(CliRun.of(args("fit " + JOB + corrections())).out())
        .contains("Corrected by 'mine'", "Without it the job needs");
  }

  @Test
  void other_jobs_are_left_alone() {
    keep("mine", "");
    for (String other :
        List.of(
            "--checkpointing none",
            "--micro-batch 3",
            "--optimizer sgd",
            "--framework axolotl",
            "--attention eager")) {
      assertThat(CliRun.of(args("estimate " + JOB + other + " " + corrections())).out())
          .as(other)
          .doesNotContain("Corrected");
    }
    assertThat(CliRun.of(args("estimate " + JOB + "--micro-batch 2 " + corrections())).out())
        .contains("Corrected by 'mine'");
  }

  @Test
  void escapes_in_what_is_kept_do_not_reach_the_terminal() throws IOException {
    keep("mine", "");
    Path file = folder.resolve("corrections.ini");
    String escapes = "run = the \u001b]0;pwned\u0007\u001b[31mcommand line \u009b2J\u202e";
    Files.writeString(file, Files.readString(file).replaceFirst("run = .*", escapes));

    CliRun list = CliRun.of(args("calibrate --list " + corrections()));
    CliRun estimate = CliRun.of(args("estimate " + JOB + corrections() + " --explain"));

    assertThat(list.out()).contains("command line");
    String shown = list.out() + list.err() + estimate.out() + estimate.err();
    assertThat(shown.replace("\n", "").codePoints().allMatch(Shown::isPrintable)).isTrue();
  }

  @Test
  void a_correction_of_another_version_is_not_used_but_mentioned() throws IOException {
    keep("mine", "");
    Path file = folder.resolve("corrections.ini");
    Files.writeString(file, Files.readString(file).replaceFirst("version = .*", "version = 0.0.9"));

    CliRun run = CliRun.of(args("estimate " + JOB + corrections()));

    assertThat(run.out()).doesNotContain("Corrected");
    assertThat(run.err()).contains("'mine' is of vramcast 0.0.9").contains("not used");
  }

  @Test
  void corrections_are_kept_in_the_folder_for_configuration() {
    Environment home =
        new Environment(
            CliRun.SURROUNDINGS.clock(), Map.of("HOME", folder.resolve("home").toString()));
    List<String> keep = args("calibrate " + JOB + measured("") + " --save");

    assertThat(CliRun.of(keep, home).code()).isZero();
    assertThat(CliRun.of(keep, home).code()).isZero();
    assertThat(folder.resolve("home/.config/vramcast/corrections.ini")).exists();
    assertThat(CliRun.of(args("calibrate --list"), home).out())
        .contains("gpt2-full-rtx-4090\n", "gpt2-full-rtx-4090-2\n");
    assertThat(CliRun.of(args("estimate " + JOB), home).out()).contains("Corrected by");
    assertThat(CliRun.of(args("calibrate --forget gpt2-full-rtx-4090"), home).out())
        .doesNotContain("gpt2-full-rtx-4090\n")
        .contains("gpt2-full-rtx-4090-2\n");
  }

  @Test
  void a_name_that_is_taken_is_not_overwritten() throws IOException {
    keep("mine", "");
    String before = Files.readString(folder.resolve("corrections.ini"));

    CliRun again =
        CliRun.of(args("calibrate " + JOB + measured("") + " --save mine " + corrections()));

    assertThat(again.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(again.err()).contains("'mine' is kept already");
    assertThat(again.out()).isEmpty();
    assertThat(folder.resolve("corrections.ini")).hasContent(before);
  }

  @Test
  void a_run_of_another_job_is_compared_but_not_kept() {
    String other = "calibrate " + JOB + "--allocated 20GiB ";

    assertThat(CliRun.of(args(other)).code()).isZero();
    CliRun kept = CliRun.of(args(other + "--save x " + corrections()));
    assertThat(kept.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(kept.err()).contains("allowed: x0.5 to x2", "of another job");
    assertThat(folder.resolve("corrections.ini")).doesNotExist();
  }

  private void keep(String name, String more) {
    String line = "calibrate " + JOB + measured(more) + " --save " + name + " " + corrections();
    CliRun run = CliRun.of(args(line));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("Kept as '" + name + "'");
  }

  /** A quarter more than is estimated. */
  private String measured(String more) {
    long bytes = bytes(json("estimate " + JOB).get("memory"), "allocated");
    return "--allocated %dMiB %s".formatted((bytes + bytes / 4) >> 20, more);
  }

  private String corrections() {
    return "--corrections " + folder.resolve("corrections.ini");
  }

  private static Path snapshot() {
    return Path.of("../formats/src/test/resources/run/step.pickle");
  }

  private static long difference(JsonNode json, String part) {
    for (JsonNode each : json.get("parts")) {
      if (each.get("name").asString().equals(part)) {
        return each.get("difference_bytes").asLong();
      }
    }
    throw new AssertionError(part + " is missing");
  }

  private static long bytes(JsonNode memory, String figure) {
    return memory.get(figure + "_bytes").asLong();
  }

  private static List<String> args(String line) {
    return Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private static JsonNode json(String line) {
    List<String> args = new ArrayList<>(args(line));
    args.addAll(List.of("--format", "json"));
    CliRun run = CliRun.of(args);
    assertThat(run.out()).as(run.err()).startsWith("{");
    return JsonMapper.shared().readTree(run.out());
  }
}
