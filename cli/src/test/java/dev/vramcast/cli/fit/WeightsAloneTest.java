package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.machine.HostMemory;
import dev.vramcast.cli.CliRun;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands that write weights and train none are answered for what they do. */
class WeightsAloneTest {

  private static final String SWIFT =
      "--offline -- swift export --model qwen2.5-7b --adapters out --merge_lora true";

  @TempDir private Path folder;

  private static CliRun run(String command, String options) {
    return CliRun.of((command + " " + options).split(" +"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void the_first_sentence_says_what_a_merge_takes(String command) throws IOException {
    Path file = folder.resolve("merge.yaml");
    Files.writeString(
        file,
        "model_name_or_path: qwen2.5-7b\nadapter_name_or_path: out\nfinetuning_type: lora\n"
            + "template: qwen\nexport_dir: whole\n");

    CliRun run = run(command, "--host-memory 16 --offline -- llamafactory-cli export " + file);

    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out().replaceAll("\\s+", " "))
        .startsWith(
            "Merging LoRA adapters into qwen2.5-7b fits the 16.0 GiB of its machine's memory: it"
                + " needs 15.3 GiB of it, no GPU and 28.4 GiB of disk.")
        .contains("Nothing is trained", "saving.merge_device cpu (not said)")
        .contains("--merge-device gpu would need 16.3 GiB of its machine's memory and 14.8 GiB")
        .doesNotContain("tok/s", "step", "Hours and dollars");
    assertThat(run(command, "--host-memory 16 --offline " + file).out()).isEqualTo(run.out());
  }

  @ParameterizedTest
  @CsvSource({"rtx-4090, fits one RTX 4090: it needs, 0", "rtx-3060-12gb, does not fit one, 3"})
  void the_verdict_goes_by_the_card_on_which_it_merges(String card, String words, int code) {
    CliRun fit = run("fit", "--gpu " + card + " " + SWIFT);

    assertThat(fit.code()).isEqualTo(code);
    assertThat(fit.out().replaceAll("\\s+", " "))
        .startsWith("Merging LoRA adapters into qwen2.5-7b " + words);
    assertThat(run("estimate", "--gpu " + card + " " + SWIFT).out()).isEqualTo(fit.out());
  }

  @Test
  void what_is_merged_on_the_host_is_not_certain_to_fit_a_card() throws IOException {
    String merge =
        "--model llama-3-70b --method lora --framework llama-factory --merge true --save-alone true"
            + " --offline ";
    Path junit = folder.resolve("fit.xml");
    CliRun fit = run("fit", merge + "--gpu rtx-4090 --junit " + junit);

    assertThat(fit.code()).isEqualTo(ExitCode.TIGHT);
    assertThat(fit.out().replaceAll("\\s+", " "))
        .contains("Whether it fits is not known: what memory its machine has is not said.");
    assertThat(Files.readString(junit)).contains("failures=\"1\"", "message=\"not known\"");
    assertThat(json("fit", merge + "--gpu rtx-4090 --format json").get("verdict").isNull())
        .isTrue();
    assertThat(run("fit", merge + "--gpu rtx-4090 --disk 999").code()).isEqualTo(ExitCode.TIGHT);
    assertThat(run("fit", merge + "--host-memory 999").code()).isEqualTo(ExitCode.OK);
    assertThat(run("fit", merge + "--host-memory 64").code()).isEqualTo(ExitCode.DOES_NOT_FIT);
  }

  @Test
  void without_a_card_this_machine_is_asked_for_its_memory() {
    String merge = "--framework llama-factory --merge true --save-alone true --method lora ";
    String asked = merge + "--model qwen2.5-0.5b --offline --format json";

    JsonNode here = json("fit", asked).get("job").get("hardware");
    JsonNode elsewhere = json("fit", asked + " --gpu t4").get("job").get("hardware");

    assertThat(here.has("host_memory")).isEqualTo(HostMemory.ofThisMachine().isPresent());
    assertThat(elsewhere.has("host_memory")).isFalse();
  }

  @Test
  void a_merge_on_a_card_that_nobody_names_has_no_verdict() {
    CliRun fit = run("fit", "--host-memory 64 " + SWIFT);

    assertThat(fit.code()).isEqualTo(ExitCode.TIGHT);
    assertThat(fit.out().replaceAll("\\s+", " "))
        .contains("Whether it fits is not known: no GPU is named.");
  }

  @Test
  void a_machine_with_too_little_memory_does_not_fit() {
    CliRun fit = run("fit", "--gpu rtx-4090 --host-memory 8 --disk 100 " + SWIFT);

    assertThat(fit.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
    assertThat(fit.out().replaceAll("\\s+", " "))
        .startsWith(
            "Merging LoRA adapters into qwen2.5-7b does not fit the memory of its machine: to merge"
                + " takes")
        .doesNotContain("is not said;");
  }

  @Test
  void programs_are_told_no_figure_of_a_training() {
    JsonNode fit = json("fit", "--gpu rtx-4090 --format json " + SWIFT);

    assertThat(fit.get("kind").asString()).isEqualTo("weights");
    assertThat(fit.get("verdict").asString()).isEqualTo("fits");
    assertThat(fit.get("decides").isNull()).isTrue();
    assertThat(fit.get("life").get("episodes")).hasSize(1);
    assertThat(List.of("memory", "time", "need", "chance")).noneMatch(fit::has);
    assertThat(json("estimate", "--gpu rtx-4090 --format json " + SWIFT)).isEqualTo(fit);
    assertThat(json("estimate", "--format json " + SWIFT).get("verdict").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plan",
        "cost",
        "max --sequence --gpu rtx-4090",
        "max --gpu rtx-4090",
        "write --to trl",
        "calibrate --gpu rtx-4090 --allocated 4GiB",
        "estimate --gpu rtx-4090 --chart a.svg"
      })
  void whatever_looks_at_steps_refuses_it_in_one_line(String command) {
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of(SWIFT.split(" ")));

    CliRun run = CliRun.of(args);

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err().lines().filter(line -> line.contains("trains nothing"))).hasSize(1);
    assertThat(run.err()).doesNotContain("saving.alone", "--save-alone");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void shards_are_put_together_of_a_model_that_the_user_names() {
    CliRun run =
        run("estimate", "--offline --model llama-3.1-8b -- accelerate merge-weights in out");

    assertThat(run.out().replaceAll("\\s+", " "))
        .startsWith("Putting shards of llama-3.1-8b together needs ");
  }

  @Test
  void shards_of_another_library_than_the_commands_are_refused() {
    CliRun run =
        run(
            "estimate",
            "--offline --model llama-3.1-8b --strategy zero3 -- accelerate merge-weights in out");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("does not put together what");
  }

  private static JsonNode json(String command, String options) {
    return JsonMapper.shared().readTree(run(command, options).out());
  }
}
