package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Machines have to hold what their cards do not. */
@Order(1)
class HostMemoryTest {

  private static final String OFFLOADED =
      "--offline --method full --gpu 4090:8 --strategy zero3 --offload optimizer,parameters";

  private static final String TWO_CARDS =
      "--offline --model llama-3.1-8b --method full --gpu 4090:2 --strategy zero2";

  @TempDir private Path folder;

  private static CliRun run(String command, String options) {
    return CliRun.of((command + " " + options).split(" +"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void what_a_machine_has_to_hold_is_in_the_first_sentence(String command) {
    CliRun run = run(command, "--model llama-3.1-70b " + OFFLOADED);
    assertThat(run.code()).isZero();
    assertThat(run.out().replaceAll("\\s+", " "))
        .containsPattern(
            "fits 8 × RTX 4090 .* Its machine needs 2210\\.4 GiB of its own memory, to save;"
                + " whether it has that much is not said\\.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void memory_that_is_there_is_not_doubted(String command) {
    CliRun run = run(command, "--model llama-3.1-70b --host-memory 3000 " + OFFLOADED);
    assertThat(run.out()).doesNotContain("is not said");
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void what_no_machine_holds_does_not_fit(String command) {
    CliRun run = run(command, "--model llama-3.1-405b " + OFFLOADED);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "does not fit the memory of its machine: to save takes 9941.1 GiB, and no machine"
                + " that is known for rent has more than 4096.0 GiB.");
  }

  @ParameterizedTest
  @CsvSource({
    "--method lora --gpu h100 --evaluation-batches 100000 --evaluation-metrics true"
        + " --evaluation-accumulation-steps 1, 64, evaluate",
    "--method full --gpu h100:8 --strategy zero2 --offload optimizer, 30, save",
    "--method lora --gpu h100 --merge true --merge-device cpu, 10, merge"
  })
  void what_takes_more_than_the_machine_has_is_said_by_its_verb(
      String options, int gib, String verb) {
    String job = "--offline --model llama-3.1-8b ";
    CliRun run = run("fit", job + options + " --host-memory " + gib);

    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("does not fit the memory of its machine: to " + verb + " takes ");
  }

  @Test
  void what_merging_takes_stands_on_the_first_screen() {
    String job = "--offline --model llama-3.1-8b --method lora --gpu h100";
    assertThat(run("estimate", job + " --merge true").out().replaceAll("\\s+", " "))
        .containsPattern(
            "When training is over · To merge: [\\d.]+ GiB of each card, [\\d.]+ GiB of the"
                + " machine's memory, [\\d.]+ GiB of its disk");
    assertThat(run("estimate", job).out()).doesNotContain("When training is over");
  }

  @Test
  void a_change_says_what_the_machine_then_needs() throws IOException {
    CliRun fit = run("fit", TWO_CARDS + " --format json");
    JsonNode changes = JsonMapper.shared().readTree(fit.out()).get("together");
    JsonNode last = changes.get(changes.size() - 1);
    long promised = 0;
    for (JsonNode change : changes) {
      promised = Math.max(promised, change.get("host_bytes").asLong(0));
    }
    Path job = Files.writeString(folder.resolve("job.json"), last.get("job").toString());
    CliRun estimate = run("estimate", "--offline " + job + " --format json");
    assertThat(promised)
        .isPositive()
        .isEqualTo(JsonMapper.shared().readTree(estimate.out()).at("/life/host_bytes").asLong());
  }
}
