package dev.vramcast.formats.writers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionTest {

  @Test
  void formats_are_these() {
    assertThat(Selection.names())
        .containsExactly(
            "axolotl",
            "llama-factory",
            "trl",
            "torchtune",
            "litgpt",
            "ms-swift",
            "unsloth",
            "deepspeed",
            "accelerate",
            "torchrun",
            "skypilot",
            "dstack",
            "slurm",
            "kubernetes",
            "kubeflow");
  }

  @Test
  void a_launcher_alone_starts_the_files_of_the_jobs_framework() {
    assertThat(training("skypilot", Optional.of("trl"))).containsExactly("trl");
    assertThat(training("skypilot", Optional.of("megatron"))).containsExactly("axolotl");
    assertThat(training("skypilot", Optional.empty())).containsExactly("axolotl");
    assertThat(training(" litgpt , slurm,litgpt", Optional.of("trl"))).containsExactly("litgpt");
  }

  @Test
  void a_launcher_starts_each_training_file_and_no_companion_of_one() {
    assertThat(training("trl,axolotl,slurm", Optional.empty())).containsExactly("trl", "axolotl");
    assertThat(training("deepspeed,slurm", Optional.of("trl"))).containsExactly("deepspeed", "trl");
  }

  @Test
  void a_warning_names_what_cannot_be_said_with_its_value() {
    JobDocument document =
        JobDocument.empty()
            .with(JobKey.MODEL_ID, Jobs.MODEL, Place.of("test"))
            .with(JobKey.SEQUENCE_LENGTH, 512, Place.of("test"))
            .with(JobKey.LOSS, "cce", Place.of("test"))
            .with(JobKey.EXAMPLES, 52_002, Place.of("test"));

    TrainingFiles files =
        Selection.of("trl", new Subject.Flag("--to"), Optional.empty())
            .training()
            .get(0)
            .write(Jobs.job(document).orElseThrow());

    assertThat(files.warnings())
        .extracting(Notice::toString)
        .contains("trl cannot say loss cce, it does chunked", "trl cannot say data.examples 52002");
  }

  private static List<String> training(String text, Optional<String> framework) {
    Selection selection = Selection.of(text, new Subject.Flag("--to"), framework);
    assertThat(selection.launchers()).extracting(Launcher::name).hasSize(1);
    return selection.training().stream().map(TrainingWriter::name).toList();
  }
}
