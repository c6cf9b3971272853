package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTextTest {

  private static TrainingFile read(String text) {
    return TrainingText.of(text, "run.sh");
  }

  private static Object option(TrainingFile file, String key) {
    return file.node(key).orElseThrow().value();
  }

  @Test
  void a_program_behind_an_option_is_not_the_one_that_trains() {
    TrainingFile file =
        read("swift rlhf --model Qwen/Qwen3-8B --external_plugins x/plugin.py --beta 0.1\n");
    assertThat(option(file, "model")).isEqualTo("Qwen/Qwen3-8B");
    assertThat(option(file, "external_plugins")).isEqualTo("x/plugin.py");
    assertThat(option(file, "beta")).isEqualTo("0.1");
  }

  @Test
  void what_a_trainer_hands_to_its_launcher_stands_behind_two_dashes() {
    TrainingFile file = read("axolotl train a.yml --launcher accelerate -- --num_processes=4\n");
    assertThat(option(file, "launcher")).isEqualTo("accelerate");
    assertThat(file.command().orElseThrow().launcher()).containsOnlyKeys("num_processes");
  }

  @Test
  void a_wrapper_stands_before_two_dashes() {
    TrainingFile file =
        read("wrap.sh --tries 3 -- accelerate launch --num_processes 2 sft.py --lora_r 8\n");
    assertThat(option(file, "lora_r")).isEqualTo("8");
    assertThat(file.command().orElseThrow().launcher()).containsKey("num_processes");
  }

  @Test
  void a_command_that_trains_comes_before_a_longer_one_that_does_not() {
    TrainingFile file =
        read(
            "swift export --a 1 --b 2 --c 3 --d 4\nswift sft --model m\nswift infer --e 1 --f 2\n");
    assertThat(file.root().fields()).containsOnlyKeys("model");
  }

  @Test
  void a_command_that_trains_comes_before_a_longer_one_that_uses_a_model() {
    TrainingFile file =
        read(
            "deepspeed --module openrlhf.cli.batch_inference --a 1 --b 2 --c 3\n"
                + "deepspeed --module openrlhf.cli.train_sft --max_len 8\n");
    assertThat(option(file, "max_len")).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python evaluate_and_finetune.py --model m --max_len 8",
        "python dpo_retrieval.py --model m --max_len 8",
        "python prepare_and_train.py --model m --max_len 8",
        "python download_and_finetune.py --model m --max_len 8",
        "python tools/convert_train.py --model m --max_len 8",
        "python sft_medical_eval.py --model m --max_len 8",
        "python prepare_data.py --max_len 8 --max_steps 100 --use_peft"
      })
  void a_command_that_trains_may_have_such_a_word_in_its_name(String text) {
    assertThat(option(read(text), "max_len")).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CMD=\"trl sft --model m --lora_r 8\"\necho run\neval $CMD",
        "srun --nodes 2 bash -c \"cd x && trl sft --model m --lora_r 8\"",
        "R=8\nbash -lc 'echo a\ntrl sft --model m --lora_r $R'",
      })
  void text_that_a_shell_runs_holds_the_command(String script) {
    TrainingFile file = read(script);
    assertThat(option(file, "model")).isEqualTo("m");
    assertThat(option(file, "lora_r")).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python scripts/vllm_infer.py --model_name_or_path a/b --template llama3 --dataset d",
        "python -m tools.evaluate --model_name_or_path a/b --max_length 64",
        "swift infer --model Qwen/Qwen3-8B --max_new_tokens 10",
        "trl vllm-serve --model Qwen/Qwen3-8B",
        "uv run litgpt generate m --prompt x",
        "tune download m --output-dir x",
        "python prepare_train_data.py --model m --max_len 8"
      })
  void a_command_that_does_not_train_is_refused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("run.sh: holds no command with options that trains");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift export --adapters out/checkpoint-100 --push_to_hub true",
        "axolotl merge-lora --lora-model-dir=./out",
        "python -m axolotl.cli.merge_lora"
      })
  void a_command_that_writes_weights_leads_to_the_job_that_trained_them(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(" writes weights and trains nothing")
        .hasMessageContaining("saving.merge true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "axolotl merge-sharded-fsdp-weights",
        "python3 -m axolotl.cli.merge_sharded_fsdp_weights"
      })
  void a_command_that_puts_shards_together_leads_to_the_job_that_wrote_them(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(" writes weights and trains nothing")
        .hasMessageContaining("saving.consolidate true");
  }

  @Test
  void a_command_that_merges_into_a_model_that_it_names_leads_to_a_job_of_that() {
    assertThatThrownBy(() -> read("python merge_lora.py --model a/b --adapters out"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("what trained its adapters is not said")
        .hasMessageContaining("model.id a/b with method lora and saving.merge true");
  }

  @Test
  void an_option_is_no_name_of_a_model() {
    assertThatThrownBy(() -> read("python merge_lora.py --model --adapters x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("saving.merge true")
        .hasMessageNotContaining("model.id");
  }

  @ParameterizedTest
  @CsvSource({
    "litgpt convert_pretrained_checkpoint out whole,' writes weights and trains nothing'",
    "swift export --model a/b --quant_bits 4 --quant_method awq,quantises weights",
    "megatron export --load out --to_hf true --output_dir whole,writes Megatron's weights anew"
  })
  void a_command_that_writes_a_checkpoint_anew_leads_to_no_key_of_a_job(
      String command, String why) {
    assertThatThrownBy(() -> read(command))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("saving.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker run -v $PWD:/w nvcr.io/x my-train\ndocker export foo\n",
        "echo merge_lora\ngit add export\n",
        "./finetune_model --config my.cfg\ngit add merge_lora.py\n"
      })
  void words_of_other_programs_write_no_weights(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no command with options that trains");
  }

  @Test
  void the_commands_of_a_document_keep_their_lines() {
    TrainingFile file =
        TrainingText.of(
            """
            # Train
            trl sft --model_name_or_path not/this

            ```python
            trl("sft --model_name_or_path nor/this")
            ```

            ```bash
            $ trl sft \\
                --model_name_or_path Qwen/Qwen3-8B --max_length 512
            ```
            """,
            "README.md");
    assertThat(option(file, "model_name_or_path")).isEqualTo("Qwen/Qwen3-8B");
    assertThat(file.node("max_length").orElseThrow().line()).isEqualTo(10);
  }

  @Test
  void a_notebook_that_calls_no_trainer_may_start_one() {
    String cell =
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os\\n\", %s]}]}"
            .formatted("\"!trl sft --model_name_or_path m \\\\\\n\", \"  --max_length 64\"");
    TrainingFile file = TrainingText.of(cell, "a.ipynb");
    assertThat(file.form()).isEqualTo(Form.COMMAND);
    assertThat(option(file, "max_length")).isEqualTo("64");
  }

  @Test
  void options_behind_a_comment_inside_a_command_are_lost_to_it() {
    assertThatThrownBy(
            () ->
                read(
                    "llamafactory-cli train \\\n  --stage sft \\\n  #--lr 1e-5 \\\n"
                        + "  --cutoff_len 2048 \\\n  --fp16 True\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "run.sh:4:3: --cutoff_len and what follows reach no command, as the one before");
  }

  @Test
  void options_that_come_from_an_array_outside_are_said_to() {
    assertThatThrownBy(() -> read("torchrun pretrain_gpt.py ${MODEL_ARGS[@]}\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("${MODEL_ARGS[@]}, which is filled in from outside");
    assertThatThrownBy(() -> read("torchrun pretrain_gpt.py ${" + "B".repeat(5000) + "[@]}\n"))
        .isInstanceOf(InputException.class)
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(250));
  }

  @Test
  void a_function_is_read_with_the_words_of_its_first_call() {
    TrainingFile file =
        read(
            """
            tune() {
              local model=$1 rank="${2:-4}"
              trl sft --model_name_or_path "$model" --use_peft --lora_r $rank --seed $3
            }
            for m in Qwen/Qwen2.5-7B Qwen/Qwen2.5-3B; do
              tune "$m" 32
            done
            """);
    assertThat(option(file, "model_name_or_path")).isEqualTo("Qwen/Qwen2.5-7B");
    assertThat(option(file, "lora_r")).isEqualTo("32");
    assertThat(option(file, "seed")).isEqualTo("$3");
  }

  @Test
  void words_of_a_call_hold_inside_of_the_function_alone() {
    TrainingFile file =
        read("function say { echo $1; }\nsay hello\ntrl sft --model_name_or_path $1 --lora_r 8\n");
    assertThat(option(file, "model_name_or_path")).isEqualTo("$1");
  }
}
