package dev.vramcast.formats.training.text;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells of a notebook that are no Python of it: of a shell, and of files that it writes. */
class NotebookCellsTest {

  private static Reading notebook(String... cells) {
    String all =
        Stream.of(cells)
            .map(
                cell ->
                    cell.lines()
                        .map(line -> line.replace("\\", "\\\\").replace("\"", "\\\""))
                        .collect(Collectors.joining("\\n\",\n\"", "\"", "\"")))
            .map(source -> "{\"cell_type\": \"code\", \"source\": [\n" + source + "]}")
            .collect(Collectors.joining(",\n"));
    return of("tune.ipynb", "{\"cells\": [" + all + "]}");
  }

  private static final String TUNES =
      """
      model_name_or_path: Qwen/Qwen3-8B
      stage: sft
      do_train: true
      finetuning_type: lora
      template: qwen
      lora_rank: 12
      """;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "sh", "script bash", "bash --no-raise-error", "shell"})
  void commands_of_a_shell_s_cell_are_read(String magic) {
    Reading reading =
        notebook(
            "import os",
            "\n%%"
                + magic
                + "\n# trains\ntrl sft --model_name_or_path Qwen/Qwen3-8B --use_peft \\\n"
                + "  --per_device_train_batch_size 3");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("method", "lora")
        .containsEntry("batch.micro_batch", 3);
    assertThat(reading.document().entry(JobKey.MICRO_BATCH).orElseThrow().place().text())
        .startsWith("tune.ipynb:8:");
  }

  @Test
  void a_file_that_a_cell_is_written_into_is_the_one_that_a_command_trains_by() {
    assertThat(
            values(notebook("%%writefile cfg.yaml\n" + TUNES, "!llamafactory-cli train cfg.yaml")))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 12);
  }

  @Test
  void a_program_that_a_cell_is_written_into_has_the_launcher_s_processes() {
    String program =
        """
        %%writefile train.py
        from trl import SFTConfig, SFTTrainer
        from transformers import AutoModelForCausalLM
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        args = SFTConfig(per_device_train_batch_size=7)
        SFTTrainer(model=model, args=args).train()
        """;

    assertThat(values(notebook(program, "!accelerate launch --num_processes 4 train.py")))
        .containsEntry("batch.micro_batch", 7)
        .containsEntry("hardware.count", 4);
    assertThat(values(notebook(program))).containsEntry("batch.micro_batch", 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import json\njson.dump(args, open('a.json', 'w', encoding='utf-8'), indent=2)",
        "with open(\"a.json\", \"w\") as f:\n    json.dump(args, f)",
        "with open('a.json', mode='w') as out:\n    out.write(json.dumps(args, indent=1))",
      })
  void what_a_cell_writes_from_a_dictionary_is_as_it_was_then(String writes) {
    String first =
        "args = dict(model_name_or_path='Qwen/Qwen3-8B', stage='sft', do_train=True,\n"
            + "    finetuning_type='lora', template='qwen', lora_rank=12,\n"
            + "    lora_target=['q_proj'])\n";
    String later = "args = dict(model_name_or_path='a/b', template='qwen', lora_rank=99)";

    assertThat(values(notebook(first + writes, "!llamafactory-cli train a.json", later)))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 12);
  }

  @Test
  void so_is_a_text() {
    String text = "settings = \"\"\"\n" + TUNES + "\"\"\"\n";

    assertThat(
            values(
                notebook(
                    text + "with open('a.yaml', 'w') as f:\n    f.write(settings)",
                    "!llamafactory-cli train a.yaml")))
        .containsEntry("lora.rank", 12);
  }
}
