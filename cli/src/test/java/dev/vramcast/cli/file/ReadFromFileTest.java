package dev.vramcast.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first lines say what was found in a training file. */
class ReadFromFileTest {

  private static final String AXOLOTL =
      """
      base_model: Qwen/Qwen2.5-0.5B
      adapter: lora
      lora_r: 8
      lora_target_linear: true
      micro_batch_size: 3
      gradient_accumulation_steps: 5
      """;

  private static final String READ =
      "Read from run.yml as axolotl: lora, rank 8, adapters on all-linear, micro-batch 3,"
          + " accumulation 5";

  @TempDir private Path folder;

  /** On one line, whatever the width. */
  private String out(String content, String... words) throws IOException {
    Path file = Files.writeString(folder.resolve("run.yml"), content);
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--offline", file.toString()));
    return CliRun.of(args).out().replaceAll("\\s+", " ");
  }

  private String lint(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("run.yml"), content);
    return CliRun.of(List.of("lint", file.toString())).out().replaceAll("\\s+", " ");
  }

  @Test
  void an_estimate_says_what_a_file_says_and_what_it_leaves_to_its_framework() throws IOException {
    assertThat(out(AXOLOTL, "estimate", "--gpu", "h100"))
        .contains(READ + "; by default: ")
        .containsPattern("by default: [^.]*adamw[^.]*\\.")
        .doesNotContain("by default: rank");
  }

  @Test
  void lint_lists_what_an_estimate_calls_not_modelled() throws IOException {
    String kernels = AXOLOTL + "use_dsv4_kernels: true\n";
    assertThat(out(kernels, "estimate")).contains("not modelled");
    assertThat(lint(kernels)).contains("7 not-modelled use_dsv4_kernels");
    assertThat(lint(AXOLOTL)).doesNotContain("not-modelled");
  }

  @Test
  void lint_lists_what_the_rules_of_the_framework_call_so_too() throws IOException {
    String program =
        """
        model, tok = FastLanguageModel.from_pretrained("a/Llama-2-7B-GPTQ", max_seq_length=512)
        model = FastLanguageModel.get_peft_model(model, r=8)
        SFTTrainer(model=model, args=SFTConfig(num_train_epochs=1)).train()
        """;
    Path known = Files.writeString(folder.resolve("a.py"), program.replace("a/", "TheBloke/"));
    CliRun run = CliRun.of(List.of("lint", known.toString()));
    assertThat(run.out()).contains("gptq-int4", "not-modelled").doesNotContain("nf4");
    assertThat(run.code()).isZero();
  }

  @Test
  void lint_says_what_a_file_says_though_nothing_is_found() throws IOException {
    assertThat(lint(AXOLOTL)).contains(READ + ".");
  }

  @Test
  void what_an_option_says_was_not_read() throws IOException {
    assertThat(out(AXOLOTL, "fit", "--gpu", "h100", "--rank", "64"))
        .contains("Read from run.yml as axolotl: lora, adapters on all-linear")
        .doesNotContain("rank 8");
  }

  @Test
  void what_nobody_says_is_told_apart_from_what_the_framework_does() throws IOException {
    assertThat(out("base_model: Qwen/Qwen2.5-0.5B\nmicro_batch_size: 1\n", "estimate"))
        .contains("Read from run.yml as axolotl: micro-batch 1; by default: full, 512 tokens,")
        .contains("; assumed: ");
  }

  @Test
  void a_file_that_says_nothing_but_its_model_is_told_too() throws IOException {
    assertThat(out("base_model: Qwen/Qwen2.5-0.5B\ndatasets: [{path: a}]\n", "estimate"))
        .contains("Read from run.yml as axolotl; by default: ");
  }

  @Test
  void hundreds_of_targets_are_counted() throws IOException {
    String targets =
        IntStream.range(0, 303)
            .mapToObj(i -> "layers." + i + ".self_attn.q_proj")
            .collect(Collectors.joining(", ", "lora_target_modules: [", "]\n"));
    assertThat(lint(AXOLOTL.replace("lora_target_linear: true\n", targets)))
        .contains("adapters on 303 names");
  }

  @Test
  void a_job_document_means_what_it_says() throws IOException {
    assertThat(
            out(
                "model: {id: qwen2.5-0.5b}\nmethod: lora\nlora: {rank: 8}\n",
                "estimate",
                "--gpu",
                "h100"))
        .contains("LoRA of qwen2.5-0.5b")
        .doesNotContain("Read from");
  }
}
