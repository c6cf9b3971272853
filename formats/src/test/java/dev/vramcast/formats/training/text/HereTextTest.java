package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Readings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that hand lines or a text of theirs to another shell, a scheduler or a file. */
class HereTextTest {

  private static Map<String, Object> values(String script) {
    return Readings.values(Readings.of("run.sh", script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sbatch <<EOF\n#!/bin/bash\n#SBATCH --gres=gpu:4\nTRAIN\nEOF\n",
        "sbatch --parsable << 'EOF'\n#!/bin/bash\n#SBATCH --gpus=4\nTRAIN\nEOF\n",
        "cat > job.slurm <<EOF\n#!/bin/bash\n#SBATCH --gres=gpu:4\nTRAIN\nEOF\nsbatch job.slurm\n",
        "cat <<'END' > job\n#!/bin/bash\n#SBATCH --gres=gpu:4\nTRAIN\nEND\nbash job\n",
        "ssh host 'bash -s' <<'EOF'\nset -e\ncd work\nTRAIN\nEOF\n",
        "JOB=$(cat <<EOF\nset -ex\nTRAIN\nEOF\n)\nkubectl exec pod -- bash -c \"$JOB\"\n",
        "sbatch --gres=gpu:4 --wrap=\"TRAIN\"\n",
        "sbatch --gres=gpu:4 --wrap 'TRAIN'\n",
      })
  void what_another_shell_is_given_is_read_as_commands(String script) {
    String training =
        "torchrun --nproc_per_node 4 sft.py --model_name_or_path Qwen/Qwen2.5-7B --use_peft"
            + " --lora_r 12";
    assertThat(values(script.replace("TRAIN", training)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 12)
        .containsEntry("hardware.count", 4);
  }

  @Test
  void variables_of_the_script_stand_in_the_lines_that_it_hands_on() {
    assertThat(
            values(
                """
                RANK=24
                sbatch <<EOF
                #!/bin/bash
                trl sft --model_name_or_path Qwen/Qwen2.5-7B --use_peft --lora_r $RANK
                EOF
                """))
        .containsEntry("lora.rank", 24);
  }

  @Test
  void a_file_that_a_script_writes_is_the_one_that_it_trains_by() {
    assertThat(
            values(
                """
                LENGTH=3072
                cat > /data/tune.yml <<EOF
                base_model: Qwen/Qwen2.5-7B
                adapter: lora
                lora_r: 40
                sequence_len: $LENGTH
                micro_batch_size: 3
                EOF
                accelerate launch --num_processes 2 -m axolotl.cli.train /data/tune.yml
                """))
        .containsEntry("lora.rank", 40)
        .containsEntry("batch.sequence_length", 3072)
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("hardware.count", 2);
  }

  @Test
  void a_default_holds_where_an_option_of_the_script_may_not_be_given() {
    assertThat(
            values(
                """
                while getopts "m:" o; do case $o in m) MODEL=$OPTARG;; esac; done
                trl sft --model_name_or_path ${MODEL:-Qwen/Qwen2.5-7B} --use_peft
                """))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python - <<'EOF'\nPROGRAM\nEOF\n",
        "CUDA_VISIBLE_DEVICES=0 python3 -u <<EOF\nPROGRAM\nEOF\n",
        "uv run python - <<PY\nPROGRAM\nPY\n",
        "cat > tune.py <<'EOF'\nPROGRAM\nEOF\npython tune.py\n",
      })
  void a_program_that_python_reads_from_a_script_is_read(String script) {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", dtype="bfloat16")
        adapters = LoraConfig(r=24)
        trainer = SFTTrainer(model=model, args=SFTConfig(max_length=700), peft_config=adapters)
        trainer.train()""";
    assertThat(values(script.replace("PROGRAM", program)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.sequence_length", 700);
  }

  @Test
  void a_program_is_called_by_its_place() {
    assertThat(values("torchrun --nproc_per_node 2 $(which swift) sft --model Qwen/Qwen2.5-7B\n"))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("hardware.count", 2);
  }
}
