package dev.vramcast.answers.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {

  private static final String LORA =
      """
      model_name_or_path: Qwen/Qwen2.5-7B
      stage: sft
      finetuning_type: lora
      lora_rank: 24
      """;

  @TempDir private Path root;

  @Test
  void a_script_names_files_from_the_root_of_its_repository() throws IOException {
    Path folder = Files.createDirectories(root.resolve("examples/lora"));
    Files.writeString(folder.resolve("sft.yaml"), LORA);
    Path script =
        Files.writeString(
            folder.resolve("sft.sh"), "llamafactory-cli train examples/lora/sft.yaml\n");

    JobDocument job = new JobFile(List.of(script), Optional.empty()).under(JobDocument.empty());

    assertThat(job.value(JobKey.LORA_RANK, Integer.class)).contains(24);
  }

  @Test
  void a_command_stands_in_place_of_a_file() {
    List<String> words =
        List.of("trl", "sft", "--model_name_or_path", "my model's", "--max_length", "64");

    JobDocument job = JobFile.ofCommand(words, Optional.empty()).under(JobDocument.empty());

    assertThat(job.text(JobKey.MODEL_ID)).contains("my model's");
    assertThat(job.value(JobKey.SEQUENCE_LENGTH, Integer.class)).contains(64);
  }
}
