package dev.vramcast.validation.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FileReadingsTest {

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void each_file_gets_a_line_with_what_became_of_it() throws IOException {
    Path answered =
        file(
            "a.yaml",
            """
            model_name_or_path: Qwen/Qwen2.5-7B
            use_peft: true
            max_length: 64
            per_device_train_batch_size: 2
            """);
    Path unknown = file("b.sh", "trl sft --model_name_or_path no/such --max_length 64\n");
    Path stage = file("c.sh", "trl xpo --model_name_or_path Qwen/Qwen2.5-7B\n");
    Path list = file("list.txt", answered + "\n" + unknown + "\t" + folder + "\n\n" + stage + "\n");

    String[] lines = FileReadings.text(list).split("\n");

    assertThat(lines).hasSize(3);
    assertThat(lines[0])
        .contains("\"outcome\":\"answered\"", "\"format\":\"trl\"", "\"batch.micro_batch\":2");
    assertThat(lines[1]).contains("\"outcome\":\"refused\"", "unknown model 'no/such'");
    assertThat(lines[2]).contains("\"outcome\":\"not modelled\"", "xpo");
  }

  @Test
  void a_file_that_is_not_there_is_refused_alone() throws IOException {
    Path list = file("list.txt", folder.resolve("none.yaml") + "\n");

    assertThat(FileReadings.text(list)).contains("\"outcome\":\"refused\"", "none.yaml");
  }
}
