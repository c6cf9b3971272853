package dev.vramcast.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a framework's file has adapters merged, when the user asks for it beside the file. */
class MergedFilesTest {

  private static final String AXOLOTL =
      """
      base_model: llama-3.1-8b
      adapter: lora
      lora_r: 16
      lora_target_linear: true
      sequence_len: 1024
      micro_batch_size: 1
      gradient_accumulation_steps: 1
      """;

  private static final String FACTORY =
      """
      model_name_or_path: meta-llama/Llama-3.1-8B
      stage: sft
      do_train: true
      finetuning_type: lora
      cutoff_len: 1024
      bf16: true
      """;

  @TempDir private Path folder;

  private String merging(String text, String... options) throws IOException {
    String file = Files.writeString(folder.resolve("job.yml"), text).toString();
    List<String> line =
        new ArrayList<>(List.of("estimate", "--offline", file, "--gpu", "h100", "--count", "1"));
    line.addAll(List.of(options));
    CliRun run = CliRun.of(line);
    assertThat(run.err()).doesNotContain("merge");
    return run.out().replaceAll("\\s+", " ");
  }

  @ParameterizedTest
  @CsvSource({
    "export_device: auto, 15\\.[0-9]+ GiB of each card",
    "export_device: cpu, no card",
    "template: llama3, no card"
  })
  void llama_factory_merges_where_its_file_exports(String setting, String where)
      throws IOException {
    assertThat(merging(FACTORY + setting + "\n", "--merge", "true"))
        .containsPattern("To merge: " + where);
  }

  @ParameterizedTest
  @CsvSource({
    "merge_method: legacy, 15\\.[0-9]+ GiB of each card",
    "merge_method: memory_efficient, 0\\.[0-9]+ GiB of one card",
    "bf16: true, 0\\.[0-9]+ GiB of one card"
  })
  void axolotl_holds_the_whole_model_where_its_file_says_so(String setting, String card)
      throws IOException {
    assertThat(merging(AXOLOTL + setting + "\n", "--merge", "true"))
        .containsPattern("To merge: " + card);
  }

  @Test
  void what_is_said_beside_the_file_wins_over_it() throws IOException {
    String text = AXOLOTL + "merge_method: legacy\n";

    assertThat(merging(text, "--merge", "true", "--merge-device", "cpu"))
        .contains("To merge: no card");
    assertThat(merging(text, "--merge", "false")).doesNotContain("To merge");
    assertThat(merging(text)).doesNotContain("To merge");
  }
}
