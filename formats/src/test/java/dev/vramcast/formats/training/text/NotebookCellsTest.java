package dev.vramcast.formats.training.text;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells of a notebook that are no Python of it: of a shell, and of files that it writes. */
class NotebookCellsTest {

  private static Reading notebook(String... cells) {
    return of("tune.ipynb", text(cells));
  }

  private static String text(String... cells) {
    String all =
        Stream.of(cells)
            .map(
                cell ->
                    cell.lines()
                        .map(line -> line.replace("\\", "\\\\").replace("\"", "\\\""))
                        .collect(Collectors.joining("\\n\",\n\"", "\"", "\"")))
            .map(source -> "{\"cell_type\": \"code\", \"source\": [\n" + source + "]}")
            .collect(Collectors.joining(",\n"));
    return "{\"cells\": [" + all + "]}";
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!trl sft --model_name_or_path $model --per_device_train_batch_size {size}",
        "!trl sft --model_name_or_path {model} \\\n  --per_device_train_batch_size $size",
      })
  void a_command_has_what_names_of_the_notebook_stand_for(String command) {
    String names = "model = 'Qwen/Qwen3-8B'  # or another\nsize = 3";

    assertThat(values(notebook(names, command)))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("batch.micro_batch", 3);
    assertThat(values(notebook(names + "\n" + command))).containsEntry("batch.micro_batch", 3);
    for (String later : List.of("size = measured()", "size = 4")) {
      assertThat(notebook(names, later, command).unreadable()).containsKey(JobKey.MICRO_BATCH);
      assertThat(notebook(names, later + "\n" + command).unreadable())
          .containsKey(JobKey.MICRO_BATCH);
    }
    assertThat(values(notebook(names, command.replace("!trl", "%%bash\nsize=5\ntrl"))))
        .doesNotContainEntry("batch.micro_batch", 3);
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
    Reading reading = notebook(program, "!accelerate launch --num_processes 4 train.py");
    assertThat(reading.document().entry(JobKey.GPU_COUNT).orElseThrow().place().text())
        .startsWith("tune.ipynb:9:");
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

  private static String trainer(String path, int batch) {
    return """
        %%%%writefile %s
        from trl import SFTConfig, SFTTrainer
        from transformers import AutoModelForCausalLM
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        args = SFTConfig(per_device_train_batch_size=%d)
        SFTTrainer(model=model, args=args).train()
        """
        .formatted(path, batch);
  }

  @Test
  void what_is_written_behind_the_command_is_not_what_it_trains_by() {
    String train = "!llamafactory-cli train cfg.yaml";
    String later = "%%writefile cfg.yaml\n" + TUNES.replace("12", "99");

    assertThat(values(notebook("%%writefile cfg.yaml\n" + TUNES, train, later)))
        .containsEntry("lora.rank", 12);
    assertThat(values(notebook(trainer("train.py", 7), "!python train.py", trainer("train.py", 9))))
        .containsEntry("batch.micro_batch", 7);
  }

  @Test
  void of_two_programs_the_one_that_is_started_counts() {
    assertThat(values(notebook(trainer("a.py", 7), trainer("main.py", 9), "!python main.py")))
        .containsEntry("batch.micro_batch", 9);
    assertThatThrownBy(() -> notebook(trainer("a.py", 7), trainer("b.py", 9)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tune.ipynb: has several programs that train: a.py, b.py");
  }

  @Test
  void a_trainer_that_the_notebook_calls_goes_before_one_that_it_writes() {
    String own = trainer("train.py", 3).replaceFirst(".*\n", "");

    assertThat(values(notebook(trainer("train.py", 7), own, "!python train.py")))
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  void what_is_appended_stands_behind_what_was_there() {
    assertThat(
            values(
                notebook(
                    "%%writefile 'my cfg.yaml'\n" + TUNES,
                    "%%writefile -a \"my cfg.yaml\"\nper_device_train_batch_size: 7",
                    "!llamafactory-cli train 'my cfg.yaml'")))
        .containsEntry("lora.rank", 12)
        .containsEntry("batch.micro_batch", 7);
  }

  @Test
  void a_path_that_is_filled_in_is_said() {
    assertThatThrownBy(
            () -> notebook("%%writefile {cfg}\n" + TUNES, "!llamafactory-cli train {cfg}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tune.ipynb:2:")
        .hasMessageContaining("is written into {cfg}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%capture", "%%time", "%%capture out"})
  void magics_that_look_on_stand_above_others(String magic) {
    String train = "\n%%bash\ntrl sft --model_name_or_path Qwen/Qwen3-8B --use_peft";

    assertThat(values(notebook(magic + train))).containsEntry("model.id", "Qwen/Qwen3-8B");
  }

  @Test
  void texts_of_other_languages_are_no_programs() {
    String text = trainer("train.py", 3).replaceFirst(".*\n", "%%markdown\n");

    assertThatThrownBy(() -> notebook(text)).isInstanceOf(InputException.class);
  }

  private static final String ARGUMENTS =
      "args = dict(model_name_or_path='Qwen/Qwen3-8B', stage='sft', do_train=True,\n"
          + "    finetuning_type='lora', template='qwen', lora_rank=12)\n";

  private static final String DUMP = "with open('a.json', 'w') as f:\n    json.dump(args, f)\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        ARGUMENTS + "args.update(load())\n" + DUMP,
        ARGUMENTS + "del args['stage']\n" + DUMP,
        ARGUMENTS + "args.pop('lora_rank')\n" + DUMP,
        ARGUMENTS + "if big:\n    args['lora_rank'] = 64\n" + DUMP,
        ARGUMENTS + "other = args\nother['lora_rank'] = 64\n" + DUMP,
        ARGUMENTS + DUMP + "    f.write(' ')",
        ARGUMENTS + DUMP + "with open('a.json', 'a') as f:\n    f.write('x')",
        ARGUMENTS + DUMP + "path = 'a.json'\nopen(path, 'w').write('x')",
        ARGUMENTS + DUMP + "!sed -i 's/12/64/' a.json",
        "args = dict(template='qwen', lora_rank=12, **extra)\n" + DUMP,
        "args = dict(template='qwen', lora_rank=rank())\n" + DUMP,
        "args = json.load(open('a.json'))\n" + DUMP,
      })
  void what_is_not_known_of_a_file_that_a_cell_writes_is_not_guessed(String cell) {
    assertThatThrownBy(() -> notebook(cell, "!llamafactory-cli train a.json"))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("(?s)tune.ipynb:\\d+:\\d+: a.json is written here.*not known.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"args['lora_rank'] = 256", "args = dict(lora_rank=99)", "args.clear()"})
  void what_becomes_of_a_name_behind_the_write_is_nothing_to_the_file(String later) {
    Reading reading = notebook(ARGUMENTS + DUMP + later, "!llamafactory-cli train a.json");

    assertThat(values(reading)).containsEntry("lora.rank", 12);
    assertThat(reading.document().entry(JobKey.LORA_RANK).orElseThrow().place().text())
        .startsWith("tune.ipynb:4:");
  }

  @Test
  void a_comment_writes_nothing() {
    String text = "text = '''\n" + TUNES + "'''\n# with open('a.yaml', 'w') as f: f.write(text)";

    assertThatThrownBy(() -> notebook(text, "!llamafactory-cli train a.yaml"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trains by a.yaml, which is no training file");
  }

  @Test
  void settings_name_files_that_cells_write() {
    String file = "%%writefile acc.yaml\ndistributed_type: FSDP\nnum_processes: 8";
    String train = "!accelerate launch --config_file acc.yaml train.py";

    assertThat(values(notebook(file, trainer("train.py", 7), train)))
        .containsEntry("hardware.count", 8);
  }

  @Test
  void what_a_notebook_that_trains_itself_writes_is_given_beside_it() {
    String own =
        trainer("train.py", 3).replaceFirst(".*\n", "").replace("=3", "=3, deepspeed='ds.json'");
    String notebook = text("%%writefile ds.json\n{\"zero_optimization\": {\"stage\": 3}}", own);
    TrainingFile beside = TrainingText.of("{\"zero_optimization\": {\"stage\": 2}}", "ds.json");

    assertThat(of("tune.ipynb", notebook).unreadable().values())
        .anySatisfy(
            error -> assertThat(error.refusal()).hasMessageContaining("ds.json is written here"));
    assertThat(
            values(
                TrainingFiles.read(
                    List.of(TrainingText.of(notebook, "tune.ipynb"), beside),
                    Optional.empty(),
                    path -> Optional.empty())))
        .containsEntry("parallelism.strategy", "zero2");
  }
}
