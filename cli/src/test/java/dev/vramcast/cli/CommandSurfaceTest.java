package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What people may type, written out: a change here is a change that breaks scripts. */
class CommandSurfaceTest {

  private static final Set<String> COMMON = Set.of("-h", "--help", "-V", "--version", "--debug");

  /** Of one card and one job, so a search over many has no use for them. */
  private static final Set<String> CORRECTIONS = Set.of("--corrections", "--no-corrections");

  @Test
  void commands_are_these() {
    assertThat(CommandTree.names())
        .containsExactly(
            "estimate",
            "fit",
            "max",
            "plan",
            "lint",
            "models",
            "gpus",
            "prices",
            "cost",
            "sweep",
            "write",
            "guide",
            "validate",
            "calibrate",
            "serve",
            "mcp");
  }

  @Test
  void commands_are_known_by_their_own_names() {
    for (String name : CommandTree.names()) {
      assertThat(CommandTree.command(name).name()).isEqualTo(name);
    }
  }

  @Test
  void estimate_takes_these_options() {
    assertThat(options("estimate")).isEqualTo(listed("options-of-estimate.txt"));
    assertThat(positionals("estimate")).containsExactly("JOB_FILE");
  }

  @Test
  void plan_takes_those_of_fit_and_these_options() {
    Set<String> own = options("plan");
    Set<String> fit = options("fit");
    fit.removeAll(CORRECTIONS);
    fit.removeAll(Set.of("--every-card", "--junit"));

    assertThat(own).containsAll(fit);
    own.removeAll(fit);
    assertThat(own).isEqualTo(listed("options-of-plan.txt"));
    assertThat(positionals("plan")).containsExactly("JOB_FILE");
  }

  @Test
  void lint_takes_these_options() {
    assertThat(options("lint"))
        .containsExactlyInAnyOrder(
            "--as",
            "--diff",
            "--explain",
            "--fix",
            "--format",
            "--framework-version",
            "--overwrite");
    assertThat(positionals("lint")).containsExactly("FILE");
  }

  @Test
  void models_takes_these_options() {
    assertThat(options("models"))
        .containsExactlyInAnyOrder("--explain", "--format", "--offline", "--verbose");
    assertThat(positionals("models")).containsExactly("SEARCH");
  }

  @Test
  void gpus_takes_these_options() {
    assertThat(options("gpus")).containsExactlyInAnyOrder("--explain", "--format", "--offline");
    assertThat(positionals("gpus")).containsExactly("SEARCH");
  }

  @Test
  void prices_takes_these_options() {
    assertThat(options("prices"))
        .containsExactlyInAnyOrder(
            "--all",
            "--as-of",
            "--explain",
            "--format",
            "--list",
            "--max-price-age",
            "--overwrite",
            "--provider",
            "--refresh",
            "--region",
            "--source",
            "--spot",
            "--write");
    assertThat(positionals("prices")).containsExactly("GPU");
  }

  @Test
  void cost_takes_the_options_of_a_job_and_of_a_market() {
    Set<String> expected = options("estimate");
    expected.removeAll(
        Set.of("--by-module", "--chart", "--overwrite", "--ranks", "--saves", "--timeline"));
    expected.removeAll(CORRECTIONS);
    expected.addAll(
        Set.of("--as-of", "--list", "--max-price-age", "--provider", "--region", "--spot"));
    expected.addAll(Set.of("--checkpoint-every", "--interruptions-every", "--restart"));

    assertThat(options("cost")).isEqualTo(expected);
    assertThat(positionals("cost")).containsExactly("JOB_FILE");
  }

  @Test
  void sweep_takes_these_options() {
    assertThat(options("sweep"))
        .containsExactlyInAnyOrder(
            "--columns",
            "--format",
            "--max-price-age",
            "--offline",
            "--out",
            "--overwrite",
            "--threads",
            "--yes");
    assertThat(positionals("sweep")).containsExactly("SPEC|ROWS");
  }

  @Test
  void write_takes_the_options_of_a_job_and_these() {
    Set<String> own = options("write");
    own.removeAll(options("fit"));
    assertThat(own).containsExactlyInAnyOrder("--out", "--to");
    assertThat(positionals("write")).containsExactly("JOB_FILE");
  }

  @Test
  void guide_takes_these_options() {
    assertThat(options("guide")).containsExactlyInAnyOrder("--explain", "--format");
    assertThat(positionals("guide")).isEmpty();
  }

  @Test
  void validate_takes_these_options() {
    assertThat(options("validate"))
        .containsExactlyInAnyOrder(
            "--chart",
            "--explain",
            "--fail-above",
            "--fit-time",
            "--format",
            "--overwrite",
            "--read-files",
            "--tensors",
            "--write",
            "--write-figures",
            "--write-ranges");
    assertThat(positionals("validate")).containsExactly("CASES");
  }

  @Test
  void calibrate_takes_a_job_and_what_was_measured_of_it() {
    assertThat(options("calibrate"))
        .contains("--model", "--format", "--offline")
        .contains("--run", "--after-load", "--allocated", "--reserved", "--device")
        .contains("--tokens-per-second", "--save", "--list", "--forget", "--corrections")
        .doesNotContain("--no-corrections");
    assertThat(positionals("calibrate")).containsExactly("JOB_FILE");
  }

  @Test
  void serve_takes_these_options() {
    assertThat(options("serve"))
        .containsExactlyInAnyOrder(
            "--allow-hub",
            "--bind",
            "--max-body",
            "--port",
            "--stdio",
            "--time-limit",
            "--token-file");
    assertThat(positionals("serve")).isEmpty();
  }

  @Test
  void mcp_takes_these_options() {
    assertThat(options("mcp")).containsExactly("--allow-hub");
    assertThat(positionals("mcp")).isEmpty();
  }

  @Test
  void every_command_takes_the_common_options() {
    for (String name : CommandTree.names()) {
      assertThat(allOptions(name)).containsAll(COMMON);
    }
  }

  @Test
  void exit_codes_are_these() {
    assertThat(
            List.of(
                ExitCode.OK, ExitCode.LIMIT_MISSED, ExitCode.BAD_INPUT, ExitCode.INTERNAL_ERROR))
        .containsExactly(0, 1, 2, 70);
  }

  private static Set<String> options(String command) {
    Set<String> names = allOptions(command);
    names.removeAll(COMMON);
    return names;
  }

  /** The lines of a file beside this test. */
  private static Set<String> listed(String file) {
    try (InputStream in = CommandSurfaceTest.class.getResourceAsStream(file)) {
      return new TreeSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> allOptions(String command) {
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : line(command).getCommandSpec().options()) {
      names.addAll(List.of(option.names()));
    }
    return names;
  }

  private static List<String> positionals(String command) {
    return line(command).getCommandSpec().positionalParameters().stream()
        .map(CommandLine.Model.ArgSpec::paramLabel)
        .toList();
  }

  private static CommandLine line(String command) {
    return CommandTree.of(List.of(command)).getSubcommands().get(command);
  }
}
