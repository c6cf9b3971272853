package dev.vramcast.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import dev.vramcast.cli.console.ExitCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An engine beside the policy takes a share of the card: each card has its own answer. */
class ColocatedEngineTest {

  private static final String JOB =
      " --offline --model qwen2.5-7b --stage grpo --method lora --framework trl"
          + " --engine vllm-colocate";
  private static final String MARKET = " --tokens 1M --max-price-age any";

  private static CliRun run(String line) {
    return CliRun.of(line.split(" "));
  }

  @Test
  void a_plan_finds_machines() {
    CliRun run = run("plan" + JOB + MARKET);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("lora · none").contains("--engine vllm-colocate");
  }

  @Tag("slow")
  @Test
  void a_plan_says_why_an_engine_starts_nowhere() {
    CliRun run = run("plan" + JOB + MARKET + " --engine-memory-fraction 0.01");

    assertThat(run.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
    assertThat(run.err())
        .containsPattern("memory excludes [0-9,]+ \\([^)]*: --engine-memory-fraction leaves")
        .contains("does not start");
  }

  @Test
  void cards_that_are_too_small_are_counted_and_named_together() {
    CliRun run = run("fit" + JOB);

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.LIMIT_MISSED);
    assertThat(run.out())
        .containsPattern("fits 5 of 16\\s+cards")
        .containsOnlyOnce("Not on ")
        .containsPattern("T4, (?s:.*); on\\s+RTX\\s+A6000:\\s")
        .doesNotContain("of at least 1.");
  }
}
