package dev.vramcast.formats.training.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program imports by name from modules of its own. */
class ImportedConstantsTest {

  private static final String PROGRAM =
      """
      from trl import SFTConfig, SFTTrainer
      from lab.settings import LENGTH, SETTINGS
      SFTTrainer(
          model="Qwen/Qwen2.5-7B",
          args=SFTConfig(max_length=LENGTH),
          peft_config=LoraConfig(r=SETTINGS["r"]),
      ).train()
      """;

  private static final String MODULE = "LENGTH = 768\nSETTINGS = {'r': 24}\n";

  private static Reading reading(String command, Map<String, String> files) {
    return TrainingFiles.read(
        List.of(TrainingText.of(command + "\n", "run.sh")),
        Optional.empty(),
        path -> Optional.ofNullable(files.get(path)).map(text -> TrainingText.of(text, path)));
  }

  private static Reading withModule(String text) {
    return reading("python train.py", Map.of("train.py", PROGRAM, "lab/settings.py", text));
  }

  private static boolean isOpen(Reading reading, JobKey key) {
    return reading.unreadable().containsKey(key) && !reading.document().has(key);
  }

  @Test
  void names_that_are_given_a_value_once_have_it() {
    assertThat(Readings.values(withModule(MODULE)))
        .containsEntry("batch.sequence_length", 768)
        .containsEntry("lora.rank", 24);
    assertThat(Readings.values(withModule("BASE = 256\nLENGTH: int = 2 * BASE\n")))
        .containsEntry("batch.sequence_length", 512);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if FAST:\n    LENGTH = 256\n",
        "if FAST: LENGTH = 256\n",
        "def short():\n    global LENGTH\n    LENGTH = 256\n",
        "def other():\n    LENGTH = 256\n    return LENGTH\n",
        "class Other:\n    LENGTH = 256\n",
        "LENGTH //= 2\n",
        "LENGTH, OTHER = 256, 1\n",
        "for LENGTH in (256, 512):\n    pass\n",
        "globals()['LENGTH'] = 256\n"
      })
  void a_name_that_may_get_another_value_is_left_open(String more) {
    assertThat(isOpen(withModule(MODULE + more), JobKey.SEQUENCE_LENGTH)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BASE = 256\n", "if FAST:\n    BASE = 256\n"})
  void what_is_worked_out_from_such_a_name_is_left_open_too(String more) {
    Reading reading = withModule("BASE = 512\nLENGTH = BASE\n" + more);
    assertThat(isOpen(reading, JobKey.SEQUENCE_LENGTH)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SETTINGS.update(r=8)\n",
        "def tune():\n    SETTINGS.update({'r': 8})\n",
        "SETTINGS['r'] = 8\n",
        "SETTINGS |= {'r': 8}\n",
        "del SETTINGS['r']\n",
        "SETTINGS.setdefault('s', []).append(8)\n"
      })
  void a_dictionary_that_is_changed_later_is_left_open(String more) {
    Reading reading = withModule(MODULE + more);
    assertThat(isOpen(reading, JobKey.LORA_RANK)).isTrue();
    assertThat(Readings.values(reading)).containsEntry("batch.sequence_length", 768);
  }

  @ParameterizedTest
  @CsvSource({
    "python tools/train.py, tools/train.py, tools/lab/settings.py, true",
    "python tools/train.py, tools/train.py, tools/src/lab/settings.py, true",
    "python tools/train.py, tools/train.py, src/lab/settings.py, true",
    "python tools/train.py, tools/train.py, lab/settings.py, false",
    "python lab/tune/train.py, lab/tune/train.py, lab/settings.py, true",
    "python -m tools.train, tools/train.py, lab/settings.py, true",
    "python -m tools.train, src/tools/train.py, src/lab/settings.py, true"
  })
  void modules_lie_where_python_looks(String command, String program, String module, boolean near) {
    Reading reading = reading(command, Map.of(program, PROGRAM, module, MODULE));
    assertThat(isOpen(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(!near);
  }

  @ParameterizedTest
  @CsvSource({
    ".lab.settings, a/b/lab/settings.py, true",
    "..lab.settings, a/lab/settings.py, true",
    "..lab.settings, a/b/lab/settings.py, false",
    ".lab.settings, a/lab/settings.py, false"
  })
  void dots_name_the_package(String module, String path, boolean there) {
    String program = PROGRAM.replace("lab.settings", module);
    Reading reading = reading("python -m a.b.train", Map.of("a/b/train.py", program, path, MODULE));
    assertThat(isOpen(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(!there);
  }

  @Test
  @Timeout(20)
  void thousands_of_imports_behind_long_comments_are_read_in_time() {
    String comments = ("# " + "x".repeat(997) + "\n").repeat(4_000);
    String program = comments + "from lab.other import OTHER\n".repeat(3_000) + PROGRAM;
    Map<String, String> files =
        Map.of("train.py", PROGRAM, "lab/settings.py", MODULE, "lab/other.py", "OTHER = 1\n");
    long before = System.nanoTime();
    ImportedConstants.of(
        TrainingText.of(program, "train.py"),
        0,
        path -> Optional.ofNullable(files.get(path)).map(text -> TrainingText.of(text, path)));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void values_stand_where_their_module_has_them() {
    Reading reading = withModule("# Settings\n" + MODULE);
    assertThat(reading.document().place(JobKey.SEQUENCE_LENGTH))
        .contains(new Place.Line("lab/settings.py", 2, 10, "max_length"));
    Place.Line rank = Readings.line(reading, JobKey.LORA_RANK);
    assertThat(rank.source()).isEqualTo("lab/settings.py");
    assertThat(rank.line()).isEqualTo(3);
  }
}
