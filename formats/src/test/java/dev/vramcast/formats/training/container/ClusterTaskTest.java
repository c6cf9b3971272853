package dev.vramcast.formats.training.container;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

class ClusterTaskTest {

  @Test
  void a_task_of_skypilot_is_the_command_that_it_runs_on_its_machines() {
    Reading reading = ofSample("text/sky.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 32)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2);
    assertThat(reading.document().place(JobKey.LORA_RANK).orElseThrow().text())
        .startsWith("sky.yaml:16:");
  }

  @Test
  void a_launcher_that_is_told_nothing_takes_the_gpus_of_the_machines() {
    String task =
        sample("text/sky.yaml").replaceAll("(?s)torchrun.*?train.py", "accelerate launch train.py");

    assertThat(values(of("sky.yaml", task))).containsEntry("hardware.count", 16);
  }

  @Test
  void machines_are_counted_by_the_lines_of_skypilots_addresses() {
    String task =
        sample("text/sky.yaml")
            .replaceAll(
                "(?s)torchrun.*?train.py",
                "MACHINES=\\$(echo \"\\$SKYPILOT_NODE_IPS\" | wc -l)\n"
                    + "  accelerate launch --num_machines \\$MACHINES"
                    + " --num_processes \\$((MACHINES * 8)) train.py");

    assertThat(values(of("sky.yaml", task)))
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2);
  }

  @Test
  void commands_of_dstack_are_one_script() {
    assertThat(values(ofSample("text/dstack.yaml")))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B")
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2);
  }

  @Test
  void a_job_of_kubernetes_may_stand_behind_other_documents() {
    Reading reading = ofSample("text/kubernetes.yaml");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("hardware.count", 8)
        .containsEntry("hardware.nodes", 2);
    assertThat(reading.document().place(JobKey.MICRO_BATCH).orElseThrow().text())
        .startsWith("kubernetes.yaml:29");
  }

  @Test
  void a_container_may_be_given_words_in_place_of_a_script() {
    assertThat(values(ofSample("text/pytorchjob.yaml")))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("hardware.count", 32)
        .containsEntry("hardware.nodes", 4);
  }

  @Test
  void a_job_of_ray_has_its_variables_beside_its_command() {
    assertThat(values(ofSample("text/rayjob.yaml")))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_task_that_serves_is_refused() {
    assertThatThrownBy(
            () -> of("sky.yaml", "resources:\n  accelerators: H100\nrun: vllm serve a/b\n"))
        .hasMessageContaining("sky.yaml: carries no command with options that trains");
    assertThatThrownBy(
            () -> of("a.yaml", "apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n"))
        .hasMessageContaining("carries no command");
  }
}
