package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the run of a training file is. */
class RunLengthTest {

  private static final String FACTORY =
      "model_name_or_path: a/b~stage: sft~finetuning_type: lora~cutoff_len: 8~template: default~";
  private static final String TRL = "model_name_or_path: a/b~dataset_name: c/d~max_length: 8~";

  private static final String EASYR1 =
      "python3 -m verl.trainer.main"
          + " worker.actor.model.model_path=a/b data.max_response_length=8";
  private static final String VERL =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b"
          + " data.max_prompt_length=8 data.max_response_length=8";
  private static final String RLHF = "deepspeed --module openrlhf.cli.";
  private static final String INSTRUCT =
      "accelerate launch open_instruct/finetune.py --model_name_or_path a/b --max_seq_length 8";

  private static final String REWARDS =
      "accelerate launch open_instruct/reward_modeling.py --model_name_or_path a/b"
          + " --max_token_length 8";
  private static final String QLORA =
      "python qlora.py --model_name_or_path a/b --dataset c --source_max_len 8 --bits 4";

  private static Reading read(String text) {
    boolean command = !text.contains("~");
    return of(command ? "run.sh" : "a.yaml", text.replace("~", "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    FACTORY + "x, 3",
    TRL + "x, 3",
    "swift sft --model a/b --dataset c --max_length 8, 3",
    "trl sft --model_name_or_path a/b --dataset_name c, 3",
    "litgpt finetune_lora a/b --train.max_seq_length 8, 5",
    EASYR1 + ", 15",
    VERL + ", 30",
    RLHF + "train_sft --pretrain a/b --max_len 8, 2",
    RLHF + "train_dpo --pretrain a/b --max_len 8, 1",
    RLHF + "train_prm --pretrain a/b --max_len 8, 1",
    RLHF + "train_kd --pretrain a/b --teacher_model a/c --max_len 8, 1",
    INSTRUCT + ", 2",
    REWARDS + ", 1",
    "deepspeed main.py --zero_stage 3 --model_name_or_path a/b --max_seq_len 8, 1",
  })
  void passes_over_the_data_are_those_of_the_framework_where_a_file_has_none(
      String text, double epochs) {
    Object read = values(read(text.replace("~x", "~"))).get("data.epochs");

    assertThat(((Number) read).doubleValue()).isEqualTo(epochs);
  }

  @ParameterizedTest
  @CsvSource({
    FACTORY + "num_train_epochs: 1, data.epochs, 1",
    FACTORY + "max_steps: 60, data.steps, 60",
    TRL + "max_steps: 60~num_train_epochs: 2, data.steps, 60",
    INSTRUCT + " --max_train_steps 70, data.steps, 70",
    INSTRUCT + " --num_train_epochs 4, data.epochs, 4",
    VERL + " trainer.total_epochs=2, data.epochs, 2",
    RLHF + "train_ppo_ray --pretrain a/b --num_episodes 20, data.epochs, 20",
    "litgpt pretrain a/b --train.max_seq_length 8 --train.max_tokens 90, data.tokens, 90",
    QLORA + " --max_steps 70, data.steps, 70",
    "python sft.py --model_name_or_path a/b --max_steps 9 --total_episodes 70, data.steps, 9",
  })
  void a_run_ends_as_its_file_says(String text, String key, String value) {
    Map<String, Object> job = values(read(text));

    assertThat(job.get(key)).hasToString(value);
    assertThat(job.containsKey("data.epochs")).isEqualTo(key.equals("data.epochs"));
  }

  @ParameterizedTest
  @CsvSource({
    "litgpt pretrain a/b --train.max_seq_length 8, data.tokens, 3000000000000",
    "model_name: b~precision: bf16-true~train:~  max_seq_length: 8, data.tokens, 3000000000000",
    QLORA + ", data.steps, 10000",
    QLORA + " --num_train_epochs 3, data.steps, 10000",
  })
  void a_run_ends_by_the_tokens_or_steps_of_its_program_where_its_file_has_none(
      String text, String key, String value) {
    Reading reading = read(text);

    assertThat(values(reading)).doesNotContainKey("data.epochs");
    assertThat(values(reading).get(key)).hasToString(value);
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .anyMatch(missing -> missing.contains("max_"));
  }

  @Test
  void passes_by_default_are_not_named_where_episodes_end_a_run() {
    Reading reading =
        read("python ppo.py --model_name_or_path a/b --reward_model_path a/c --total_episodes 7");

    assertThat(values(reading)).containsEntry("data.examples", 7L).containsEntry("data.epochs", 1L);
    assertThat(reading.findings())
        .noneSatisfy(found -> assertThat(found.toString()).contains("over its data"));
  }

  @Test
  void episodes_of_a_run_are_all_its_prompts() {
    String program =
        """
        from trl import PPOConfig, PPOTrainer
        c = PPOConfig(output_dir="o", total_episodes=10000)
        PPOTrainer(args=c, model=AutoModelForCausalLM.from_pretrained("a/b")).train()
        """;
    Map<String, Object> job = values(of("a.py", program));

    assertThat(job).containsEntry("data.examples", 10000L).containsEntry("data.epochs", 1L);
  }

  @Test
  void passes_that_nobody_wrote_are_named() {
    assertThat(read(FACTORY).findings())
        .anySatisfy(found -> assertThat(found.toString()).contains("over its data 3 times"));
    assertThat(read(FACTORY + "num_train_epochs: 3").findings())
        .noneSatisfy(found -> assertThat(found.toString()).contains("over its data"));
  }
}
