package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.console.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of frameworks in the place of a job document. */
@Tag("slow")
class TrainingFileCommandsTest {

  private static final String AXOLOTL =
      """
      base_model: llama-3.1-8b
      adapter: qlora
      load_in_4bit: true
      lora_r: 16
      lora_alpha: 32
      lora_target_linear: true
      sequence_len: 1024
      sample_packing: true
      micro_batch_size: 1
      gradient_accumulation_steps: 4
      optimizer: adamw_bnb_8bit
      attn_implementation: flash_attention_2
      gradient_checkpointing: true
      """;

  @TempDir private Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static CliRun run(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.split(" ")));
    line.addAll(List.of(arguments));
    return CliRun.of(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "estimate --offline --gpu rtx-4090",
        "fit --offline --gpu rtx-4090",
        "max --offline --batch --gpu rtx-4090",
      })
  void every_command_that_takes_a_job_takes_a_training_file(String command) throws IOException {
    CliRun run = run(command, file("a.yml", AXOLOTL));

    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("a.yml: how many GPUs there are is not said, so one is assumed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit", "max --batch", "cost", "plan"})
  void what_figures_lack_stands_in_the_first_lines_and_nowhere_else(String command)
      throws IOException {
    String generating =
        """
        model_name_or_path: meta-llama/Llama-3.1-8B
        stage: pt
        do_train: true
        finetuning_type: lora
        dataset: alpaca_en_demo
        template: llama3
        cutoff_len: 1024
        val_size: 0.1
        eval_strategy: steps
        output_dir: out
        predict_with_generate: true
        """;
    String flags = " --offline --tokens 1e6 --gpu h100-sxm";

    CliRun run = run(command + flags, file("l.yaml", generating));

    assertThat(run.out().replaceAll("\\s+", " "))
        .containsOnlyOnce("an evaluation is counted without what it generates");
    assertThat(run.out().lines().limit(12))
        .anyMatch(line -> line.contains("predict_with_generate"));
    assertThat(run.err()).doesNotContain("predict_with_generate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "cost"})
  void what_decides_the_machines_itself_keeps_the_other_warnings(String command)
      throws IOException {
    String ignored = AXOLOTL.replace("adapter: qlora", "adapter: lora");
    String flags = " --offline --tokens 1e6 --gpu h100-sxm:1";

    CliRun run = run(command + flags, file("a.yml", ignored));

    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.err())
        .contains("a.yml:3:1: load_in_4bit does nothing with adapter lora")
        .doesNotContain("so one is assumed");
  }

  @Test
  void a_file_is_estimated_as_its_job_document_would_be() throws IOException {
    String job =
        """
        framework: {name: axolotl}
        model: {id: llama-3.1-8b}
        method: qlora
        lora: {rank: 16, alpha: 32, targets: all-linear}
        batch: {micro_batch: 1, grad_accum: 4, sequence_length: 1024, padding: packed}
        optimizer: {name: adamw-8bit}
        attention: flash
        checkpointing: full
        """;

    String ofJob = run("estimate --offline", file("job.yaml", job)).out();
    String ofFile = run("estimate --offline", file("a.yml", AXOLOTL)).out();
    assertThat(ofFile.replaceAll("  · Read from a.yml as axolotl: [^.]*\\.\n", ""))
        .isEqualTo(ofJob);
  }

  @Test
  void flags_win_and_silence_what_was_assumed() throws IOException {
    CliRun run = run("estimate --offline --count 2 --rank 64 --explain", file("a.yml", AXOLOTL));

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("2 GPUs").containsPattern("lora.rank\\s+64\\s+set by --rank");
  }

  @Test
  void a_count_in_the_name_of_the_gpu_wins_over_one_in_a_file() throws IOException {
    String trl = "model_name_or_path: llama-3.1-8b\nuse_peft: true\nmax_length: 512\n";
    String accelerate =
        "distributed_type: FSDP\nnum_processes: 8\nfsdp_config: {fsdp_version: 2,"
            + " fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP}\n";
    String first = file("sft.yaml", trl);
    String second = file("fsdp.yaml", accelerate);

    assertThat(run("estimate --offline", first, second).out()).contains("8 GPUs");
    assertThat(run("estimate --offline --gpu h100:4", first, second).out()).contains("4 × H100");
  }

  @Test
  void a_file_that_another_one_names_is_read_beside_it() throws IOException {
    Files.createDirectory(folder.resolve("ds"));
    file("ds/mine.json", "{\"zero_optimization\": {\"stage\": 2}}");
    String named = file("a.yml", AXOLOTL + "deepspeed: ds/mine.json\n");
    String outside = file("b.yml", AXOLOTL + "deepspeed: ../mine.json\n");

    assertThat(run("estimate --offline --count 2 --explain", named).out()).contains("zero2");
    assertThat(run("estimate --offline", outside))
        .satisfies(run -> assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT))
        .satisfies(run -> assertThat(run.err()).contains("b.yml:14:1: deepspeed is '../mine"));
  }

  @Test
  void lint_refuses_what_trains_nothing_as_an_estimate_does() throws IOException {
    String chat =
        file("chat.yaml", "model_name_or_path: a/b\ntemplate: llama3\ninfer_backend: vllm\n");

    CliRun lint = run("lint", chat);

    assertThat(lint.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(lint.err()).contains("trains nothing: infer_backend").hasLineCount(1);
    assertThat(lint.err()).isEqualTo(run("estimate", chat).err());
  }

  @Test
  void lint_reads_a_file_as_the_release_that_is_given() throws IOException {
    String grpo = "model_name_or_path: a/b\nnum_generations: 8\nmax_prompt_length: 512\n";
    String file = file("grpo.yaml", grpo + "max_completion_length: 512\n");

    assertThat(run("lint --framework-version 0.29.0", file).out())
        .contains("max_prompt_length is gone since TRL 0.29");
    assertThat(run("lint --framework-version 0.20.0", file).out()).doesNotContain("is gone since");
  }

  @Test
  void lint_tells_by_its_exit_code() throws IOException {
    String clean = AXOLOTL;
    String warned = AXOLOTL + "wand_project: x\n";
    String broken = AXOLOTL + "a: [\n";

    assertThat(run("lint", file("a.yml", clean)).code()).isEqualTo(ExitCode.OK);
    assertThat(run("lint", file("b.yml", warned)).code()).isEqualTo(ExitCode.LIMIT_MISSED);
    assertThat(run("lint", file("c.yml", broken)).code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void the_format_can_be_named() throws IOException {
    String text = "model_name_or_path: llama-3.1-8b\nper_device_train_batch_size: 2\n";
    String named = file("a.yaml", text);

    assertThat(run("lint", named).out()).contains("is read as Transformers' Trainer");
    assertThat(run("lint --as llama-factory", named).out()).contains("is read as LLaMA-Factory");
  }

  @Test
  void a_job_document_is_told_apart() throws IOException {
    String job = file("job.yaml", "model: {id: llama-3.1-8b}\nbatch: {sequence_length: 512}\n");

    assertThat(run("estimate --offline", job).code()).isEqualTo(ExitCode.OK);
    assertThat(run("lint", job))
        .satisfies(run -> assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT))
        .satisfies(run -> assertThat(run.err()).contains("is of no known format: "));
  }

  @Test
  void a_command_behind_two_dashes_and_one_in_standard_input_are_read_alike() {
    String command = "trl sft --model_name_or_path llama-3.1-8b --use_peft --max_length 512";
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(command.getBytes(StandardCharsets.UTF_8)));
    try {
      CliRun piped = run("estimate --offline --gpu h100 --format json -");
      CliRun inline = run("estimate --offline --gpu h100 --format json -- " + command);

      assertThat(inline.code()).as(inline.err()).isEqualTo(ExitCode.OK);
      assertThat(inline.out()).contains("\"rank\"", "needed_bytes");
      assertThat(piped.out().replace("standard input", "command line")).isEqualTo(inline.out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void a_command_that_does_not_train_is_refused_by_what_it_is() {
    CliRun run = run("fit --gpu h100 -- swift infer --model llama-3.1-8b");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("command line: holds no command with options that trains");
  }

  @Test
  void what_litgpt_adapts_by_default_is_found_in_fused_projections_too() {
    CliRun run = run("estimate --offline --gpu h100 -- litgpt finetune_lora tiiuae/falcon-7b");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("q_proj, v_proj are counted on query_key_value");
  }

  @Test
  void targets_of_frameworks_with_models_of_their_own_are_found_in_fused_projections() {
    CliRun run =
        run(
            "estimate --offline --gpu h100 -- litgpt finetune_lora tiiuae/falcon-7b"
                + " --lora_projection true --lora_mlp true");

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.err())
        .contains(
            "adapters on q_proj, v_proj, o_proj, gate_proj, up_proj, down_proj are counted on"
                + " query_key_value, dense, dense_h_to_4h, dense_4h_to_h");
  }
}
