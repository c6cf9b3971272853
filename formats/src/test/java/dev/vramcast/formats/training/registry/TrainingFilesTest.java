package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.KeyRow;
import dev.vramcast.formats.training.KeyRow.Role;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingFilesTest {

  @Test
  void every_target_of_a_table_is_a_key() {
    for (ConfigReader reader : TrainingFiles.readers()) {
      for (KeyRow row : reader.keys().rows()) {
        switch (row.role()) {
          case JOB, READ -> assertThat(JobKey.ofPath(row.target())).as(row.path()).isPresent();
          case RENAMED -> assertThat(reader.keys().row(row.target())).as(row.path()).isPresent();
          case UNCOUNTED, IGNORED, REFUSED -> assertThat(row.note()).as(row.path()).isNotEmpty();
          case NONE -> assertThat(row.target()).as(row.path()).isEmpty();
        }
      }
      assertThat(reader.keys().rows()).anyMatch(row -> row.role() == Role.READ);
    }
  }

  @Test
  void a_file_of_no_known_format_is_told_that_in_a_short_line() {
    assertThatThrownBy(() -> Readings.of("x.yaml", "colour: red"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("x.yaml: is of no known format: it has none of the keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.yaml|colour: red",
        "x.yaml|# nothing~",
        "x.yaml|- red~- green",
        "x.json|[1, 2]",
        "__init__.py|~",
        "backup.sh|#!/bin/sh~tar cf b.tar /etc",
        "nightly.slurm|#SBATCH -n 1~hostname",
        "x.yaml|apiVersion: v1~kind: Pod~---~apiVersion: v1~kind: Service",
      })
  void a_file_that_is_plainly_no_training_file_is_of_an_unknown_format(String name, String text) {
    assertThatThrownBy(() -> Readings.of(name, text.replace('~', '\n')))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> assertThat(e.error().kind()).isEqualTo(ErrorKind.UNKNOWN_FORMAT));
  }

  @Test
  void a_file_that_is_damaged_is_malformed_and_not_of_an_unknown_format() {
    assertThatThrownBy(() -> Readings.of("x.yaml", "base_model: [a"))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.error().kind()).isEqualTo(ErrorKind.MALFORMED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base_model: [{{ model }}]|:1:14: 'base_model: [{{ model }}]' is filled in by a template",
        "base_model: a~{% if x %}~lora_r: 8|:2:1: '{% if x %}' is filled in by a template",
        "base_model: !include other.yml|:1:13: tags are not supported, remove '!include'",
        "base_model: a~---~base_model: b|:3:1: a second document or further text begins",
        "base_model: a~datasets: *unknown|:2:11: an alias to nothing before it",
        "- base_model|:1: holds a list, allowed: keys with values",
        "base_model: [a|not readable as YAML",
      })
  void what_cannot_be_read_is_refused_with_its_line(String text, String message) {
    assertThatThrownBy(() -> Readings.of("x.yaml", text.replace('~', '\n')))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anchors_and_merges_are_followed_within_bounds() {
    String text = "x: &a {lora_r: 8, micro_batch_size: 3}\nbase_model: b\n<<: *a\nlora_r: 4\n";
    Reading reading = Readings.of("x.yaml", text);

    assertThat(Readings.value(reading, JobKey.MICRO_BATCH)).isEqualTo(3);
    StringBuilder bomb = new StringBuilder("base_model: b\na0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> Readings.of("x.yaml", bomb.toString()))
        .hasMessageContaining("aliases repeat more than 20000 values");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x: &a 3~",
        "x: &a '3'~",
        "x: &a |-~  3~",
        "x: &a~  3~",
        "x: [&a 3]~",
        "x: {y: &a 3}~",
        "x: &other 4~y: &a-b_c 4~z: &a 3~",
        "title: '\uD83D\uDE80\uD83D\uDE80'~x: &a 3~"
      })
  void anchors_of_single_values_are_followed(String anchored) {
    String text = anchored.replace('~', '\n') + "base_model: b\nmicro_batch_size: *a\n";

    assertThat(Readings.value(Readings.of("x.yaml", text), JobKey.MICRO_BATCH)).isEqualTo(3);
  }

  @Test
  void text_that_looks_like_an_anchor_is_text() {
    String text = "x: '&a 3'\nbase_model: b\nmicro_batch_size: *a\n";

    assertThatThrownBy(() -> Readings.of("x.yaml", text))
        .hasMessageContaining("an alias to nothing before it");
  }

  /** As of dynamic-dpo-v4's recipes, which name a folder as LLaMA-Factory does. */
  @Test
  void a_key_that_several_formats_have_tells_none_of_them() {
    String recipe = "model_name_or_path: a\ndataset_mixer: {b: 1}\ndataset_dir: [c]\n";

    assertThat(Readings.of("x.yaml", recipe + "beta: 0.1\n").format())
        .isEqualTo(FormatName.ALIGNMENT_HANDBOOK);
    assertThat(Readings.of("x.yaml", "model_name_or_path: a\ndataset_dir: c\n").format())
        .isEqualTo(FormatName.LLAMA_FACTORY);
  }

  @Test
  void of_a_key_that_stands_twice_the_later_value_holds_and_is_a_finding() {
    Reading reading = Readings.of("x.yaml", "base_model: a\nsequence_len: 8\nbase_model: b\n");

    assertThat(Readings.value(reading, JobKey.MODEL_ID)).isEqualTo("b");
    assertThat(reading.findings())
        .filteredOn(finding -> finding.code() == FindingCode.REPEATED_KEY)
        .singleElement()
        .satisfies(finding -> assertThat(finding.line()).isEqualTo(3));
  }

  @Test
  void a_comment_with_braces_is_no_template() {
    assertThat(TrainingText.of("# {{ x }}\nbase_model: 'a {{ b }}'\n", "x.yaml").root().fields())
        .hasSize(1);
  }

  @Test
  void long_beginnings_are_read_at_once() {
    String blank = "\n".repeat(50_000) + "# x\n".repeat(50_000);

    assertThat(Readings.of("x", blank + "base_model: a\n").findings()).isNotEmpty();
    assertThat(Readings.of("x", blank + "swift sft --model a\n").findings()).isNotEmpty();
  }

  @Test
  void two_files_of_a_framework_are_two_jobs_unless_one_names_the_other() {
    TrainingFile trains =
        TrainingText.of(
            "model_name_or_path: a/b\nstage: sft\ndo_train: true\nfinetuning_type: lora\n",
            "a.yaml");
    TrainingFile merges =
        TrainingText.of(
            "model_name_or_path: a/b\nadapter_name_or_path: c\nfinetuning_type: lora\n"
                + "export_dir: d\n",
            "merge.yaml");

    for (List<TrainingFile> both : List.of(List.of(merges, trains), List.of(trains, merges))) {
      assertThatThrownBy(() -> TrainingFiles.read(both, Optional.empty(), path -> Optional.empty()))
          .hasMessageContaining("is a job of llama-factory by itself")
          .hasMessageContaining("give one of them at a time");
    }
  }

  @Test
  void a_program_that_trains_by_itself_is_another_job() {
    String program =
        "model = AutoModelForCausalLM.from_pretrained(\"a/b\")\n"
            + "SFTTrainer(model=model, args=SFTConfig(\"out\", max_length=512)).train()\n";
    TrainingFile first = TrainingText.of(program, "first.py");
    TrainingFile second = TrainingText.of(program, "second.py");
    TrainingFile axolotl = TrainingText.of("base_model: a/b\nadapter: lora\n", "sft.yaml");

    for (List<TrainingFile> both : List.of(List.of(first, second), List.of(axolotl, second))) {
      assertThatThrownBy(() -> TrainingFiles.read(both, Optional.empty(), path -> Optional.empty()))
          .hasMessageContaining("second.py: is a program that trains by itself")
          .hasMessageContaining("give one of them at a time");
    }
    TrainingFile parses =
        TrainingText.of("args = TrlParser(SFTConfig).parse_args()\n" + program, "second.py");
    assertThat(
            TrainingFiles.read(
                List.of(axolotl, parses), Optional.empty(), path -> Optional.empty()))
        .isNotNull();
    TrainingFile starts = TrainingText.of("from second import model\n" + program, "first.py");
    assertThat(
            TrainingFiles.read(List.of(starts, second), Optional.empty(), path -> Optional.empty()))
        .isNotNull();
  }

  private static Reading together(Map<String, String> files, String... names) {
    return TrainingFiles.read(
        Stream.of(names).map(name -> TrainingText.of(files.get(name), name)).toList(),
        Optional.empty(),
        path -> Optional.empty());
  }

  @Test
  void a_file_that_nothing_is_taken_from_is_refused() {
    Map<String, String> files =
        Map.of(
            "sft.yaml", "model_name_or_path: a/b\nmax_length: 512\n",
            "job.yaml", "model: {id: a/b}\nmethod: full\n",
            "fsdp.yaml", "distributed_type: FSDP\nnum_processes: 4\nfsdp_config: {}\n",
            "zero.yaml", "distributed_type: DEEPSPEED\nnum_processes: 4\n",
            "ds3.json", "{\"zero_optimization\": {\"stage\": 3}}",
            "ds2.json", "{\"zero_optimization\": {\"stage\": 2}}",
            "named.yaml", "model_name_or_path: a/b\nmax_length: 8\ndeepspeed: cfg/ds2.json\n");

    for (String all :
        List.of(
            "sft.yaml job.yaml; job.yaml",
            "job.yaml fsdp.yaml; job.yaml",
            "sft.yaml fsdp.yaml zero.yaml; zero.yaml",
            "sft.yaml ds2.json ds3.json; ds3.json",
            "named.yaml ds3.json ds2.json; ds3.json")) {
      String[] given = all.split("; ");
      assertThatThrownBy(() -> together(files, given[0].split(" ")))
          .as(all)
          .hasMessageStartingWith(given[1])
          .hasMessageContaining("give one of them at a time");
    }
    for (String all : List.of("sft.yaml fsdp.yaml", "sft.yaml zero.yaml ds3.json")) {
      assertThat(together(files, all.split(" "))).as(all).isNotNull();
    }
  }
}
