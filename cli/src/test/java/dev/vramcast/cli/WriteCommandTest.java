package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

class WriteCommandTest {

  private static final String JOB =
      "write --offline --model llama-3.2-1b --method qlora --gpu rtx-4090 --checkpointing full";

  @TempDir private Path folder;

  @Test
  void a_single_file_is_printed_with_its_estimate_and_its_command() {
    CliRun run = run(JOB + " --to axolotl");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList().get(0)).endsWith(": vramcast " + JOB + " --to axolotl");
    assertThat(run.out())
        .contains("\n# Estimate: needs ", " of RTX 4090\n", "\n# Time: ")
        .contains("\n# Install: pip install ", "\n# Start: axolotl train axolotl.yaml\n")
        .contains("\nbase_model: meta-llama/Llama-3.2-1B\n");
    assertThat(run.err().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("vramcast: warning: "));
  }

  @ParameterizedTest
  @CsvSource({
    "TheBloke/Llama-2-7B-GPTQ, optimum gptqmodel",
    "Qwen/Qwen2.5-7B-Instruct-AWQ, gptqmodel",
  })
  void what_reads_weights_that_are_stored_quantised_is_installed(String model, String packages) {
    assertThat(run("write --offline --to trl --gpu l4 --model " + model).out())
        .containsPattern("\n# Install: pip install .* " + packages);
  }

  @Test
  void files_are_written_into_a_folder_that_is_made() throws IOException {
    Path out = folder.resolve("new/run");

    CliRun run = run(JOB + " --count 2 --strategy zero3 --to axolotl,skypilot --out " + out);

    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            out.resolve("axolotl.yaml").toString(),
            out.resolve("axolotl-deepspeed.json").toString(),
            out.resolve("skypilot.yaml").toString());
    assertThat(out.resolve("skypilot.yaml")).content().contains("accelerators: \"RTX4090:2\"");
    try (var files = Files.list(out)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void a_program_keeps_its_learning_rate_schedule_seed_and_data_set_in_other_words()
      throws IOException {
    Path program =
        Files.writeString(
            folder.resolve("train.py"),
            """
            from datasets import load_dataset
            from trl import SFTConfig, SFTTrainer

            rate = compute_rate()
            data = load_dataset("trl-lib/Capybara", split="train")
            arguments = SFTConfig(
                output_dir="mine", learning_rate=3e-5, lr_scheduler_type="cosine",
                warmup_ratio=0.07, seed=77, weight_decay=rate, max_grad_norm=0.5)
            trainer = SFTTrainer(model="Qwen/Qwen2.5-0.5B", train_dataset=data, args=arguments)
            """);

    CliRun run = run("write --offline " + program + " --count 1 --to axolotl");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("learning_rate: 0.00003\n", "lr_scheduler: cosine\n", "warmup_ratio: 0.07\n")
        .contains("seed: 77\n", "max_grad_norm: 0.5\n", "output_dir: mine\n")
        .contains("path: trl-lib/Capybara")
        .doesNotContain("weight_decay", "rate()");
    assertThat(run.err()).doesNotContain("hold examples", "holds an example");
  }

  @Test
  void what_the_files_cannot_say_is_a_warning() {
    CliRun run = run(JOB + " --loss cce --to trl");

    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("warning: trl cannot say --loss cce, it does chunked\n");
  }

  @Test
  void a_file_that_is_there_stays_without_overwrite() throws IOException {
    Path mine = Files.writeString(folder.resolve("slurm.sh"), "mine");
    String args = JOB + " --to axolotl,slurm --out " + folder;

    CliRun refused = run(args);

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("slurm.sh: is there already; --overwrite replaces it");
    assertThat(mine).content().isEqualTo("mine");
    assertThat(folder.resolve("axolotl.yaml")).doesNotExist();
    assertThat(run(args + " --overwrite").code()).isZero();
    assertThat(mine).content().startsWith("#!/bin/bash\n");
  }

  @Test
  void a_link_is_replaced_and_not_followed() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "mine");
    Path link = Files.createSymbolicLink(folder.resolve("axolotl.yaml"), target);
    String args = JOB + " --to axolotl --out " + folder;

    assertThat(run(args).code()).isEqualTo(2);
    assertThat(run(args + " --overwrite").code()).isZero();

    assertThat(target).content().isEqualTo("mine");
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"axolotl", "llama-factory", "trl"})
  void the_estimate_of_a_written_file_is_that_of_the_job(String format) throws IOException {
    String job =
        " --offline --method qlora --double-quant --rank 32 --micro-batch 2 --sequence-length 1024"
            + " --checkpointing full --gpu rtx-4090";
    String named = " --model meta-llama/Llama-3.2-1B --framework " + format;
    assertThat(run("write" + job + named + " --to " + format + " --out " + folder).code()).isZero();
    Path file = folder.resolve(format + ".yaml");

    JsonNode read = json("estimate --offline --gpu rtx-4090 --count 1 --format json " + file);

    JsonNode meant = json("estimate --format json" + job + framework(named, file));
    assertThat(read.get("memory")).isEqualTo(meant.get("memory"));
  }

  /** The job with what the format says in another way than its framework's defaults. */
  private static String framework(String named, Path file) throws IOException {
    boolean packed = Files.readString(file).contains("packing: true");
    return named + " --padding " + (packed ? "packed" : "longest");
  }

  private static JsonNode json(String line) {
    return JsonMapper.shared().readTree(run(line).out());
  }

  private static CliRun run(String line) {
    return CliRun.of(new ArrayList<>(List.of(line.split(" "))));
  }
}
