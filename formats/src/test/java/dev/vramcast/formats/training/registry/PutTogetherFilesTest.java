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
      })
  void other_files_and_branches_that_may_not_run_leave_it_as_it_is(String before) {
    assertThat(values(read(before + TRAINS))).containsEntry("model.id", "a/left-from-before");
  }

  @Test
  void what_is_written_behind_the_training_is_none_of_it() {
    assertThat(values(read(TRAINS + "python report.py > run.yaml\n")))
        .containsEntry("model.id", "a/left-from-before");
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
