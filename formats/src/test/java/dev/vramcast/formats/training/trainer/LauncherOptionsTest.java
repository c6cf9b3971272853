package dev.vramcast.formats.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherOptionsTest {

  private static final String JOB = " sft.py --model_name_or_path m --max_length 64\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "accelerate launch --num_processes 16 --num_machines 2; 16; 2",
        "accelerate launch --num_processes 16 --num_machines 1; 16; 1",
        "torchrun --nnodes 1 --nproc_per_node 16; 16; 1",
        "torchrun --nproc_per_node 16; 16; -",
        "torchrun --nnodes 1 --nproc_per_node 8; 8; -",
        "accelerate launch --num_processes 3 --num_machines 2; 3; -",
        "accelerate launch --multi_gpu --gpu_ids 0,2,3; 3; -",
        "deepspeed --include localhost:0,1,2,3; 4; -",
        "deepspeed --include a:0,1@b:0,1,2; 5; -",
        "deepspeed --num_gpus 8 --num_nodes 2; 16; 2",
        "torchrun --nnodes=1:4 --nproc_per_node=8 --rdzv_backend=c10d; 32; 4",
        "NNODES=2~CUDA_VISIBLE_DEVICES=0,1,2,3 python; 8; 2",
        "env CUDA_VISIBLE_DEVICES=0,1 accelerate launch; 2; -",
        "exec env CUDA_VISIBLE_DEVICES=0,1 accelerate launch; 2; -",
        "nohup /usr/bin/env A=b CUDA_VISIBLE_DEVICES=0,1 accelerate launch; 2; -",
        "/usr/bin/env A=b CUDA_VISIBLE_DEVICES=0,1 accelerate launch; 2; -",
        "CUDA_VISIBLE_DEVICES='0, 1' accelerate launch; 2; -",
        "HIP_VISIBLE_DEVICES=0,1,2 accelerate launch; 3; -",
        "export ROCR_VISIBLE_DEVICES=4,5~accelerate launch; 2; -",
        "CUDA_VISIBLE_DEVICES=GPU-8932f937-d72c-4106-c12f-20bd9faed9f6,GPU-19 torchrun; 2; -",
        "#SBATCH --nodes=4~#SBATCH --gres=gpu:a100:8~srun python; 32; 4",
        "#SBATCH -N 2~#SBATCH --gpus-per-node=4~torchrun --num_gpus $SLURM_GPUS_ON_NODE; 8; 2",
        "#SBATCH --gres=gpu:a100:4,nvme:100~torchrun --nproc_per_node $SLURM_GPUS_ON_NODE; 4; -",
        "#SBATCH --gres=gpu:a:1,gpu:b:1~torchrun --nproc_per_node $SLURM_GPUS_ON_NODE; -; -",
        "torchrun --nnodes $NODES --nproc_per_node 8; 8; -",
        "NNODES=2 torchrun --nproc_per_node 8; 8; -",
        "PET_NNODES=2 torchrun --nproc_per_node 8; 16; 2",
        "NNODES=2~torchrun --nproc_per_node 8 ${DISTRIBUTED_ARGS}; 16; 2",
        "torchrun --nproc_per_node $(nvidia-smi -L | wc -l); -; -",
      })
  void gpus_and_machines_are_those_that_the_launcher_starts(
      String launcher, Integer gpus, Integer nodes) {
    Reading reading = Readings.of("run.sh", launcher.replace('~', '\n') + JOB);

    assertThat(Readings.value(reading, JobKey.GPU_COUNT)).isEqualTo(gpus);
    assertThat(Readings.value(reading, JobKey.NODES)).isEqualTo(nodes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA_VISIBLE_DEVICES=\"\" python",
        "export CUDA_VISIBLE_DEVICES=~torchrun --nproc_per_node 2",
        "CUDA_VISIBLE_DEVICES=-1 accelerate launch",
        "env CUDA_VISIBLE_DEVICES= python",
        "HIP_VISIBLE_DEVICES= python",
      })
  void a_command_that_sees_no_gpu_is_asked_for_their_number(String launcher) {
    Reading reading = Readings.of("run.sh", launcher.replace('~', '\n') + JOB);

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("so that the command sees no GPU");
    assertThat(
            reading
                .under(JobDocument.empty().withFlag(JobKey.GPU_COUNT, "2"))
                .value(JobKey.GPU_COUNT, Integer.class))
        .contains(2);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "os.environ['CUDA_VISIBLE_DEVICES'] = '', true",
        "os.environ['HIP_VISIBLE_DEVICES'] = '-1', true",
        "os.environ['CUDA_VISIBLE_DEVICES'] = '0', false",
        "'if cpu:~    os.environ[\"CUDA_VISIBLE_DEVICES\"] = \"\"', false",
        "'# os.environ[\"CUDA_VISIBLE_DEVICES\"] = \"\"', false",
      })
  void a_program_that_shows_itself_no_gpu_is_asked_for_their_number(String sets, boolean none) {
    String program =
        sets.replace('~', '\n')
            + "\nmodel = AutoModelForCausalLM.from_pretrained('gpt2')\n"
            + "Trainer(model=model, args=TrainingArguments('out')).train()\n";
    Reading reading = Readings.of("train.py", program);

    assertThat(reading.unreadable().containsKey(JobKey.GPU_COUNT)).isEqualTo(none);
  }

  @ParameterizedTest
  @CsvSource({
    "NNODES=4 llamafactory-cli train, true",
    "NNODES=4 NPROC_PER_NODE=8 llamafactory-cli train, false",
    "NNODES=1 llamafactory-cli train, false",
    "torchrun --nnodes 4, false",
  })
  void gpus_of_a_machine_that_llama_factory_counts_itself_are_said_to_be_open(
      String launcher, boolean open) {
    Reading reading =
        Readings.of(
            "run.sh",
            "FORCE_TORCHRUN=1 "
                + launcher
                + " --stage sft --do_train true --model_name_or_path m --cutoff_len 64\n");

    assertThat(reading.findings())
        .extracting(found -> found.message().toString())
        .filteredOn(message -> message.contains("nothing says how many there are"))
        .hasSize(open ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "--zero_stage 3, zero3, default",
    "--zero_stage 2, zero2, default",
    "'', zero2, default",
    "--zero_stage 0,,",
    "--zero_stage 3 --deepspeed_config_file ds_z3.json, zero3,",
    "--zero_stage 7,,",
  })
  void sizes_are_deepspeeds_own_where_accelerate_writes_its_configuration(
      String options, String strategy, String sizes) {
    Reading reading = Readings.of("run.sh", "accelerate launch --use_deepspeed " + options + JOB);

    assertThat(Readings.value(reading, JobKey.STRATEGY)).isEqualTo(strategy);
    assertThat(Readings.value(reading, JobKey.ZERO_SIZES)).isEqualTo(sizes);
  }

  @Test
  void a_count_from_outside_is_said() {
    Reading reading = Readings.of("run.sh", "torchrun --nnodes $NODES --nproc_per_node 8" + JOB);

    assertThat(reading.findings())
        .extracting(Finding::notice)
        .asString()
        .contains("nnodes is $NODES, which is filled in from outside");
    assertThat(reading.document().remarks()).asString().contains("$NODES");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accelerate merge-weights out/pytorch_model_fsdp_0 whole",
        "cd out/checkpoint-9 && python zero_to_fp32.py . whole/",
        "python -m verl.model_merger merge --backend fsdp --local_dir out"
      })
  void a_script_that_puts_shards_together_behind_a_training_says_so(String command) {
    String trains = "accelerate launch" + JOB;

    Reading behind = Readings.of("run.sh", trains + command);
    assertThat(Readings.value(behind, JobKey.CONSOLIDATE)).isEqualTo(true);
    assertThat(behind.document().place(JobKey.CONSOLIDATE).orElseThrow().text())
        .startsWith("run.sh:2:");
    assertThat(Readings.value(Readings.of("run.sh", command + "\n" + trains), JobKey.CONSOLIDATE))
        .isNull();
  }

  @Test
  void shards_of_verl_are_put_together_too() {
    String trains =
        "python -m verl.trainer.main_ppo data.train_batch_size=64 data.max_prompt_length=512"
            + " actor_rollout_ref.model.path=a/b trainer.n_gpus_per_node=4\n";
    Reading reading =
        Readings.of("run.sh", trains + "python -m verl.model_merger merge --local_dir out\n");

    assertThat(Readings.value(reading, JobKey.CONSOLIDATE)).isEqualTo(true);
  }

  @Test
  void a_program_of_no_framework_and_merged_adapters_put_no_shards_together() {
    String joins =
        "python -m torch.distributed.checkpoint.format_utils dcp_to_torch out whole.pt\n";
    Reading reading =
        Readings.of("run.sh", "accelerate launch" + JOB + joins + "python merge_lora.py --a b\n");

    assertThat(Readings.value(reading, JobKey.CONSOLIDATE)).isNull();
  }

  @Test
  void a_count_that_slurm_is_not_asked_for_is_said_to_be_slurms() {
    String launcher = "torchrun --nproc_per_node=$SLURM_GPUS";

    assertThat(Readings.of("run.sh", launcher + JOB).findings())
        .extracting(finding -> finding.message().toString())
        .anyMatch(said -> said.contains("Slurm fills in where the job asks"));
  }
}
