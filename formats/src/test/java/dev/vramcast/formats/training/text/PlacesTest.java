package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting stands where its key begins, whatever kind of text it is in. */
class PlacesTest {

  private static final String PROGRAM =
      """
      import os
      x = "a"; config = LoraConfig(
          r=16, lora_alpha="many",
      )
      """;

  private static String at(String text, Mark mark) {
    String line = text.split("\n", -1)[mark.line() - 1];
    return line.substring(mark.column() - 1);
  }

  private static Node node(String text, String name, String path) {
    return TrainingText.of(text, name).node(path).orElseThrow();
  }

  @Test
  void an_argument_of_a_program_stands_at_its_name() {
    Node alpha = node(PROGRAM, "train.py", "LoraConfig.lora_alpha");

    assertThat(alpha.mark()).isEqualTo(new Mark(3, 11));
    assertThat(at(PROGRAM, alpha.mark())).startsWith("lora_alpha=");
  }

  @Test
  void a_cell_of_a_notebook_is_a_string_in_which_quotes_take_two_characters() {
    String notebook =
        """
        {"cells": [{"cell_type": "code", "source": [
         "import os\\n",
         "x = \\"a\\"; config = LoraConfig(r=16, lora_alpha=\\"many\\")\\n"]}]}
        """;

    Node alpha = node(notebook, "train.ipynb", "LoraConfig.lora_alpha");

    assertThat(alpha.mark().line()).isEqualTo(3);
    assertThat(at(notebook, alpha.mark())).startsWith("lora_alpha=");
  }

  @Test
  void a_cell_in_one_string_has_all_its_lines_in_one() {
    String notebook =
        """
        {"cells": [{"cell_type": "code",
         "source": "import os\\nconfig = LoraConfig(r=16,\\n\\tlora_alpha=8)"}]}
        """;

    Node alpha = node(notebook, "train.ipynb", "LoraConfig.lora_alpha");

    assertThat(at(notebook, alpha.mark())).startsWith("lora_alpha=8");
  }

  @Test
  void a_text_that_puts_values_in_stands_at_its_quote() {
    String program = "kw = {'r': 16, 'lora_alpha': f'many{x}'}\nconfig = LoraConfig(**kw)\n";

    Node alpha = node(program, "train.py", "LoraConfig.lora_alpha");

    assertThat(at(program, alpha.mark())).startsWith("'many{x}'");
  }

  @Test
  void no_column_is_said_where_characters_by_their_numbers_hide_it() {
    String notebook =
        """
        {"cells": [{"cell_type": "code", "source": ["config = LoraConfig(r=8) # \\u00e9"]}]}
        """;

    assertThat(node(notebook, "train.ipynb", "LoraConfig.r").mark().column()).isZero();
  }

  @Test
  void a_command_of_a_notebook_stands_behind_its_exclamation_mark() {
    String notebook =
        """
        {"cells": [{"cell_type": "code", "source": [
           "!torchrun train.py --lora_r 8 \\\\\\n",
           "   --learning_rate 1"]}]}
        """;

    assertThat(at(notebook, node(notebook, "train.ipynb", "lora_r").mark())).startsWith("--lora_r");
    assertThat(at(notebook, node(notebook, "train.ipynb", "learning_rate").mark()))
        .startsWith("--learning_rate 1");
  }

  @Test
  void commands_of_a_notebook_in_one_line_stand_all_in_that() {
    String notebook =
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"!pip install trl\\n\", "
            + "\"!torchrun train.py --x \\\"a\\\" --lora_r 8\"]}]}";

    Mark mark = node(notebook, "train.ipynb", "lora_r").mark();

    assertThat(mark.line()).isEqualTo(1);
    assertThat(at(notebook, mark)).startsWith("--lora_r 8");
  }

  @Test
  void a_command_within_the_one_string_of_a_cell_is_read_and_placed() {
    String notebook =
        """
        {"cells": [{"cell_type": "code",
         "source": "a = \\"b\\"\\n!torchrun train.py --x \\"a\\" --lora_r 8"}]}
        """;

    assertThat(at(notebook, node(notebook, "train.ipynb", "lora_r").mark()))
        .startsWith("--lora_r 8");
  }

  @Test
  void an_option_of_a_command_stands_at_its_dashes() {
    String script =
        """
        export A="x
        y" B=2
        torchrun train.py --lora_r=8 \\
            --learning_rate '1'; echo done
        """;

    assertThat(node(script, "run.sh", "lora_r").mark()).isEqualTo(new Mark(3, 19));
    assertThat(node(script, "run.sh", "learning_rate").mark()).isEqualTo(new Mark(4, 5));
  }

  @Test
  void a_script_in_a_task_keeps_the_columns_of_the_task() {
    String task =
        """
        resources:
          accelerators: H100:8
        run: |
          cd x
          torchrun train.py --lora_r 8 \\
            --learning_rate 1
        """;

    assertThat(at(task, node(task, "task.yaml", "lora_r").mark())).startsWith("--lora_r");
    assertThat(at(task, node(task, "task.yaml", "learning_rate").mark()))
        .startsWith("--learning_rate");
  }

  @Test
  void words_of_a_container_stand_where_the_manifest_has_them() {
    String manifest =
        """
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            - command: ["torchrun", "train.py"]
              args:
                - --lora_r
                - "8"
        """;

    assertThat(at(manifest, node(manifest, "pod.yaml", "lora_r").mark())).startsWith("--lora_r");
  }

  @Test
  void a_word_of_several_lines_moves_no_place_behind_it() {
    String manifest =
        """
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            - env:
                - {name: RANK, value: "8"}
              args:
                - torchrun
                - train.py
                - --run_name
                - |
                  a
                  b
                - "c\\nd"
                - --lora_r
                - $(RANK)
        """;

    Mark mark = node(manifest, "pod.yaml", "lora_r").mark();

    assertThat(mark).isEqualTo(new Mark(15, 11));
    assertThat(at(manifest, mark)).startsWith("--lora_r");
  }

  @Test
  void words_of_a_container_stand_in_one_row_as_well() {
    String manifest =
        """
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            - args: [torchrun, "train.py", --run_name, "it's", "--lora_r", 8,
                 --learning_rate, 1]
        """;

    assertThat(at(manifest, node(manifest, "pod.yaml", "lora_r").mark()))
        .startsWith("\"--lora_r\"");
    assertThat(at(manifest, node(manifest, "pod.yaml", "learning_rate").mark()))
        .startsWith("--learning_rate");
  }

  @Test
  void a_shell_among_the_words_of_a_container_has_lines_of_the_manifest() {
    String manifest =
        """
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            - command: [srun, bash, -c]
              args:
                - |
                  cd x
                  torchrun train.py --lora_r 8
        """;

    assertThat(at(manifest, node(manifest, "pod.yaml", "lora_r").mark())).startsWith("--lora_r 8");
  }

  @Test
  void a_setting_of_toml_stands_at_its_key() {
    String toml = "[model]\nname = \"llama3\"\n[training]\n  steps = 5\nextra = { a = 1, b = 2 }\n";

    assertThat(List.of("training.steps", "training.extra.b"))
        .allSatisfy(
            key ->
                assertThat(at(toml, node(toml, "job.toml", key).mark()))
                    .startsWith(key.substring(key.lastIndexOf('.') + 1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "job.yaml | {x: '\ud83d\ude00', lora_rank: 8} | lora_rank | 10",
        "job.json | {\"x\": \"\ud83d\ude00\", \"lora_rank\": 8} | lora_rank | 12",
        "job.toml | x = { a = '\ud83d\ude00', r = 8 } | x.r | 16",
        "run.sh | torchrun train.py --x '\ud83d\ude00' --lora_r 8 | lora_r | 27",
        "train.py | c = LoraConfig(x='\ud83d\ude00', r=8) | LoraConfig.r | 23",
        "a.ipynb | {\"cells\": [{\"cell_type\": \"code\", \"source\": [\"#\ud83d\ude00\", "
            + "\"c = LoraConfig(x='\ud83d\ude00', r=8)\"]}]} | LoraConfig.r | 74",
        "b.ipynb | {\"cells\": [{\"cell_type\": \"code\", \"source\": [\"#\ud83d\ude00\", "
            + "\"!torchrun train.py --x '\ud83d\ude00' --lora_r 8\"]}]} | lora_r | 79",
        "task.yaml | {resources: {}, run: torchrun train.py --x \ud83d\ude00 --lora_r 8} "
            + "| lora_r | 46",
      })
  void a_column_counts_characters_in_every_kind_of_text(
      String name, String text, String path, int column) {
    assertThat(node(text, name, path).mark()).isEqualTo(new Mark(1, column));
  }
}
