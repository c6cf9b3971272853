package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** GPUs of a script of Slurm whose count the script works out when it runs. */
class ScheduledGpusTest {

  private static final String SCRIPT =
      """
      #!/bin/bash
      #SBATCH --gres=gpu:h100:4
      #SBATCH -N 1
      N_GPUS="$(( $(echo $SLURM_JOB_GPUS | grep -o , | wc -l) + 1 ))"
      python3 -m verl.trainer.main_ppo \\
          actor_rollout_ref.model.path=Qwen/Qwen2.5-1.5B \\
          data.max_prompt_length=512 data.max_response_length=512 \\
          trainer.n_gpus_per_node=GPUS trainer.nnodes=1
      """;

  @Test
  void they_are_those_that_the_scheduler_is_asked_for() {
    assertThat(values(of("run.sh", SCRIPT.replace("GPUS trainer", "${N_GPUS} trainer"))))
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_number_is_the_number() {
    assertThat(values(of("run.sh", SCRIPT.replace("GPUS trainer", "2 trainer"))))
        .containsEntry("hardware.count", 2);
  }

  @Test
  void without_any_there_are_eight_a_machine() {
    String script =
        SCRIPT.replace("GPUS trainer", "${N_GPUS} trainer").replace("#SBATCH --gres", "# --gres");

    assertThat(values(of("run.sh", script))).containsEntry("hardware.count", 8);
  }
}
