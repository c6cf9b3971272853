package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a file: a reading, or one line that says what is wrong. */
@Tag("slow")
class MutatedFilesTest {

  private static final int MUTATIONS = 60;

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          "'",
          "\"",
          "\n",
          "\t",
          "- ",
          "#",
          "--",
          "$X",
          "${a.b}",
          "{{ x }}",
          "!x ",
          "&a ",
          "*a",
          "null",
          "true",
          "-1",
          "1e999999999",
          "99999999999999999999",
          ".nan",
          "\u0000",
          "\u2028",
          "(",
          ")",
          "\\",
          "auto",
          "0",
          "é");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verl/grpo.sh",
        "verl/ppo_megatron.sh",
        "verl/dapo.yaml",
        "easyr1/config.yaml",
        "openrlhf/grpo_ray.sh",
        "openrlhf/dpo.sh",
        "nemorl/grpo.yaml",
        "nemorl/dpo.yaml",
        "primerl/rl.toml",
        "openinstruct/grpo.sh",
        "openinstruct/dpo.yaml",
        "axolotl/qlora.yml",
        "axolotl/full-fsdp2.yml",
        "axolotl/full-zero3.yml",
        "axolotl/traps.yml",
        "llamafactory/qlora.yaml",
        "llamafactory/full.yaml",
        "trl/sft.yaml",
        "trl/handbook.yaml",
        "trl/dpo.sh",
        "trl/sft.py",
        "trl/classifier.py",
        "trl/simpo.yaml",
        "launch/fsdp2.yaml",
        "launch/zero3.yaml",
        "launch/ds_z2.json",
        "torchtune/lora.yaml",
        "litgpt/qlora.yaml",
        "swift/lora.sh",
        "swift/full.sh",
        "swift/megatron.sh",
        "unsloth/sft.py",
        "unsloth/grpo.ipynb",
        "torchtitan/llama3_8b.toml",
        "torchtitan/run.sh",
        "automodel/peft.yaml",
        "autotrain/sft.yaml",
        "megatron/mixtral.sh",
        "mlxlm/lora.yaml",
        "sentence/train.py",
        "unsloth/cli.sh",
        "unsloth/studio.yaml",
        "text/sky.yaml",
        "text/dstack.yaml",
        "text/kubernetes.yaml",
        "text/pytorchjob.yaml",
        "text/rayjob.yaml",
        "llamarecipes/fsdp.sh",
        "container/Makefile",
        "container/Dockerfile",
        "container/workflow.yaml",
      })
  void mutated_files_are_read_or_refused_in_one_line(String sample) {
    String text = Readings.sample(sample);
    String name = sample.substring(sample.indexOf('/') + 1);
    Random random = new Random(sample.hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      check(mutated(text, random), name, random);
    }
  }

  private static String mutated(String text, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(mutated.length() + 1);
      int to = Math.min(mutated.length(), at + random.nextInt(30));
      switch (random.nextInt(4)) {
        case 0 -> mutated.delete(at, to);
        case 1 -> mutated.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> mutated.insert(at, mutated.substring(at, to));
        default -> value(mutated, at, random);
      }
    }
    return mutated.toString();
  }

  /** Puts a piece in place of what stands behind the next colon or blank. */
  private static void value(StringBuilder text, int from, Random random) {
    int start = text.indexOf(random.nextBoolean() ? ": " : " ", from);
    int end = text.indexOf("\n", start + 1);
    if (start >= 0 && end > start) {
      text.replace(start + 1, end, " " + PIECES.get(random.nextInt(PIECES.size())));
    }
  }

  private static void check(String text, String name, Random random) {
    try {
      TrainingFile file = TrainingText.of(text, name);
      List<ConfigReader> readers = TrainingFiles.readers();
      check(readers.get(random.nextInt(readers.size())).read(file, SiblingFiles.NONE));
      check(TrainingFiles.read(List.of(file), Optional.empty(), path -> Optional.empty()));
    } catch (InputException | UnsupportedJobException e) {
      assertOneLine(e.getMessage());
    }
  }

  private static void check(Reading reading) {
    for (Finding finding : reading.findings()) {
      assertOneLine(finding.notice().toString());
      assertOneLine(finding.key() + finding.value());
    }
    try {
      JobDocument document = reading.under(JobDocument.empty());
      JobResolver.resolve(document.with(JobKey.SEQUENCE_LENGTH, 8, Place.of("-")));
    } catch (InputException | UnsupportedJobException e) {
      assertOneLine(e.getMessage());
    }
  }

  private static void assertOneLine(String message) {
    assertThat(message).doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]").hasSizeLessThan(1_500);
  }
}
