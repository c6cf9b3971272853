package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a script puts together by commands before it trains by them. */
class PutTogetherFilesTest {

  private static final String TRAINS = "trl sft --config run.yaml\n";

  private static final Map<String, String> FILES =
      Map.of(
          "run.yaml",
          "model_name_or_path: a/left-from-before\nmax_length: 1\n",
          "base.yaml",
          "model_name_or_path: a/b\nmax_length: ${LENGTH}\nnum_train_epochs: $EPOCHS\n");

  private static Reading read(String script) {
    return TrainingFiles.read(
        List.of(TrainingText.of(script, "run.sh")),
        Optional.empty(),
        path ->
            Optional.ofNullable(FILES.get(path)).map(content -> TrainingText.of(content, path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export LENGTH=512 EPOCHS=2\nenvsubst < base.yaml > run.yaml\n",
        "export LENGTH=512\nexport EPOCHS=2\nenvsubst < base.yaml > ./run.yaml && \\\n",
        "for e in 2 4; do\nexport LENGTH=512 EPOCHS=$e\nenvsubst < base.yaml > \"run.yaml\"\n",
      })
  void a_template_is_filled_in_by_what_the_script_exports(String before) {
    assertThat(values(read(before + TRAINS)))
        .containsEntry("model.id", "a/b")
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("data.epochs", 2L);
  }

  @Test
  void what_nothing_exports_is_filled_in_from_outside() {
    Reading reading = read("envsubst < base.yaml > run.yaml\n" + TRAINS);

    assertThat(values(reading)).containsEntry("model.id", "a/b");
    assertThat(reading.unreadable().get(JobKey.SEQUENCE_LENGTH))
        .extracting(InputError::toString)
        .asString()
        .contains("filled in from outside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cp base.yaml run.yaml\n",
        "cat base.yaml > run.yaml\n",
        "mv base.yaml run.yaml\n"
      })
  void a_copy_is_what_it_was_copied_from(String before) {
    assertThat(values(read(before + TRAINS))).containsEntry("model.id", "a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sed 's/a/b/' base.yaml > run.yaml\n",
        "sed -i 's/1/2/' run.yaml\n",
        "python make.py | tee run.yaml\n",
        "yq -i '.max_length = 4' run.yaml\n",
        "python make.py > run.yaml\n",
        "cp base.yaml run.yaml\necho 'lora_r: 3' >> run.yaml\n",
        "sed 's/a/b/' base.yaml > new.yaml && mv new.yaml run.yaml\n",
        "if [ \"$1\" = b ]; then\ncp base.yaml run.yaml\nelse\ncp other.yaml run.yaml\nfi\n",
        "if [ \"$1\" = b ]; then cp base.yaml run.yaml; fi\n",
        "case $1 in\n b)\n cat > run.yaml <<EOF\nlora_r: 3\nEOF\n;;\nesac\n",
        "install -m 644 base.yaml run.yaml\n",
        "ln -sf base.yaml run.yaml\n",
        "rsync -a host:configs/run.yaml .\n",
        "sed 's/a/b/' base.yaml | sponge run.yaml\n",
        "curl -o run.yaml https://example.org/run\n",
        "make() {\nsed -i 's/1/2/' run.yaml\n}\nmake\n",
        "cat one.txt base.yaml > run.yaml\n",
      })
  void what_else_writes_a_file_leaves_it_unknown(String before) {
    assertThat(refusal(before + TRAINS)).contains("run.yaml is written here", "is not known");
  }

  private static String refusal(String script) {
    try {
      return read(script).unreadable().toString();
    } catch (InputException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sed -i 's/1/2/' other.yaml\n",
        "if [ ! -f run.yaml ]; then\npython make.py > run.yaml\nfi\n",
        "python make.py > log.txt\n",
        "trl env 2> run.yaml\n",
        "[ -f run.yaml ] || cp base.yaml run.yaml\n",
        "make() {\ncp base.yaml run.yaml\n}\n",
        "make() {\n{ cp base.yaml run.yaml; }\ncp base.yaml run.yaml\n}\n",
      })
  void other_files_and_branches_that_may_not_run_leave_it_as_it_is(String before) {
    assertThat(values(read(before + TRAINS))).containsEntry("model.id", "a/left-from-before");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python report.py > run.yaml\n",
        "cat > run.yaml <<EOF\nmodel_name_or_path: a/later\nEOF\n",
        "make() {\ncp base.yaml run.yaml\n}\nmake\n",
      })
  void what_is_written_behind_the_training_is_none_of_it(String after) {
    assertThat(values(read(TRAINS + after))).containsEntry("model.id", "a/left-from-before");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export LENGTH=512\nenvsubst < base.yaml > new.yaml\nmv new.yaml run.yaml\n",
        "export LENGTH=512\ncp base.yaml new.yaml\nenvsubst < new.yaml > run.yaml\n",
        "export LENGTH=512\nenvsubst '$LENGTH' < base.yaml > run.yaml\n",
        "cat > new.yaml <<EOF\nmodel_name_or_path: a/b\nmax_length: 512\nEOF\n"
            + "cp ./new.yaml run.yaml\n",
        "export LENGTH=512\nmake() {\nif true; then { echo; }; fi\n"
            + "envsubst < base.yaml > run.yaml\n}\nmake\n",
      })
  void copies_of_what_the_script_writes_are_followed_in_their_order(String before) {
    assertThat(values(read(before + TRAINS)))
        .containsEntry("model.id", "a/b")
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void only_the_variables_that_it_is_told_of_are_filled_in() {
    Reading reading =
        read("export LENGTH=512\nenvsubst '$OTHER' < base.yaml > run.yaml\n" + TRAINS);

    assertThat(reading.unreadable()).containsKey(JobKey.SEQUENCE_LENGTH);
  }

  @Test
  void what_a_file_that_is_not_there_would_make_is_refused_with_its_line() {
    assertThat(refusal("echo\ncp nowhere.yaml run.yaml\n" + TRAINS))
        .contains("run.sh:2", "run.yaml is made here of nowhere.yaml, which is not there");
  }

  @Test
  void a_copy_into_a_folder_lies_there_by_its_own_name() {
    assertThat(values(read("cp base.yaml configs/\ntrl sft --config configs/base.yaml\n")))
        .containsEntry("model.id", "a/b");
  }

  @Test
  void images_of_a_program_that_is_read_by_its_options_alone_are_told_of() {
    String program =
        """
        from trl import SFTConfig, SFTTrainer, TrlParser
        from qwen_vl_utils import process_vision_info
        parser = TrlParser((SFTConfig,))
        args = parser.parse_args_and_config()
        images = process_vision_info(messages)
        trainer = SFTTrainer(args=args)
        trainer.train()
        """;
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of("python lab/sft.py --config run.yaml\n", "run.sh")),
            Optional.empty(),
            path ->
                path.equals("lab/sft.py")
                    ? Optional.of(TrainingText.of(program, path))
                    : Optional.ofNullable(FILES.get(path)).map(t -> TrainingText.of(t, path)));

    assertThat(values(reading)).containsEntry("model.id", "a/left-from-before");
    assertThat(keys(reading, FindingCode.NOT_FOLLOWED)).contains("process_vision_info");
  }
}
