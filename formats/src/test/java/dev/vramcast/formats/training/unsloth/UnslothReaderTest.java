package dev.vramcast.formats.training.unsloth;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnslothReaderTest {

  private static Reading with(String load, String adapt) {
    return of(
        "a.py",
        "m = FastModel.from_pretrained('a/b', %s)\nm = FastModel.get_peft_model(m, %s)\n"
            .formatted(load, adapt));
  }

  @Test
  void steps_of_the_programs_own_beside_no_trainer_are_not_the_trainers() {
    String program =
        """
        model, tok = FastLanguageModel.from_pretrained(
            "a/b", quantization_config=BitsAndBytesConfig(load_in_4bit=True))
        model = FastLanguageModel.get_peft_model(model, r=8)
        loss = model(**tok("text")).loss
        loss.backward()
        """;

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("a loop of its own");
    assertThat(of("a.py", program + "SFTTrainer(model=model).train()\n").format())
        .isEqualTo(FormatName.UNSLOTH);
  }

  @ParameterizedTest
  @CsvSource({"Llama-2-7B-GPTQ, gptq-int4", "Qwen2.5-7B-Instruct-AWQ, awq-int4"})
  void a_model_that_another_quantiser_stored_is_never_in_four_bits_of_its_own(
      String model, String scheme) {
    String program =
        """
        m = FastModel.from_pretrained('a/%s'%s)
        m = FastModel.get_peft_model(m, r=8)
        """;
    for (String told : List.of("", ", load_in_4bit=True", ", load_in_4bit=False")) {
      assertThat(values(of("a.py", program.formatted(model, told))))
          .containsEntry("method", "lora")
          .containsEntry("model.quantization.scheme", scheme);
    }
  }

  @Test
  void a_script_is_read_call_by_call() {
    Reading reading = ofSample("unsloth/sft.py");

    assertThat(reading.format()).isEqualTo(FormatName.UNSLOTH);
    assertThat(values(reading))
        .containsEntry("model.id", "unsloth/Meta-Llama-3.1-8B")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.alpha", 16L)
        .containsEntry(
            "lora.targets",
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("optimizer.name", "adamw-8bit")
        .containsEntry("checkpointing", "offloaded")
        .containsEntry("hardware.count", 1)
        .doesNotContainKeys("precision", "batch.padding");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
    assertThat(reading.document().entry(JobKey.LORA_RANK).orElseThrow().place().text())
        .isEqualTo("sft.py:26:5, get_peft_model.r");
  }

  @Test
  void a_notebook_is_read_with_the_lines_of_its_file() {
    Reading reading = ofSample("unsloth/grpo.ipynb");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-4B-Base")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.alpha", 64L)
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("batch.micro_batch", 4)
        .doesNotContainKey("model.quantization.scheme");
    assertThat(values(reading))
        .containsEntry("generation.engine", "shared")
        .containsEntry("generation.memory_fraction", 0.7)
        .containsEntry("generation.group_size", 4);
    assertThat(value(reading, JobKey.STAGE)).isEqualTo("grpo");
    assertThat(reading.document().entry(JobKey.LORA_RANK).orElseThrow().place().text())
        .startsWith("grpo.ipynb:19");
  }

  @Test
  void versions_that_a_notebook_installs_are_those_it_runs_on() {
    Reading reading =
        of(
            "a.py",
            """
            !pip install --no-deps "peft==0.17.1" transformers
            # !pip install transformers==4.40.0
            !uv pip install -qqq "transformers[torch]==4.56.2" \\
                "liger_kernel==0.6.2" "numpy>=2.0" transformers-stream-generator==0.0.4
            print("transformers==4.1.0")
            m = FastModel.from_pretrained('a/b')
            !pip install transformers==5.1.0
            """);

    assertThat(values(reading))
        .containsEntry("framework.transformers", "4.56.2")
        .containsEntry("framework.peft", "0.17.1")
        .containsEntry("framework.liger", "0.6.2")
        .doesNotContainKey("framework.torch");
    assertThat(reading.document().entry(JobKey.TRANSFORMERS_VERSION).orElseThrow().place().text())
        .isEqualTo("a.py:3:23, pip.transformers");
  }

  @ParameterizedTest
  @CsvSource({"2, 4, 4, 2", "2, 1, 4, 4", "3, 2, 4, 4", "8, 1, 4, 8"})
  void micro_batches_become_groups_where_these_do_not_divide_what_is_generated(
      int micro, int accumulated, int group, int read) {
    Reading reading = grpo("", "", micro, accumulated, group);

    assertThat(value(reading, JobKey.MICRO_BATCH)).isEqualTo(read);
    assertThat(
            reading.findings().stream().anyMatch(at -> at.message().toString().contains("becomes")))
        .isEqualTo(read != micro);
  }

  @ParameterizedTest
  @CsvSource({"'1', True, shared, 1", "'0', True, shared,", "'1', False, , "})
  void standby_is_a_variable_that_the_program_sets(
      String value, String fast, String engine, Integer sleep) {
    Reading reading =
        grpo(
            "import os; os.environ['UNSLOTH_VLLM_STANDBY'] = \"" + value + "\"\n",
            ", fast_inference = " + fast,
            4,
            1,
            4);

    assertThat(values(reading).get("generation.engine")).isEqualTo(engine);
    assertThat(values(reading).get("generation.sleep")).isEqualTo(sleep);
  }

  private static Reading grpo(String first, String load, int micro, int accumulated, int group) {
    return of(
        "a.py",
        first
            + "m = FastModel.from_pretrained('a/b', max_seq_length = 512%s)\n".formatted(load)
            + "m = FastModel.get_peft_model(m, r = 8)\n"
            + "c = GRPOConfig(per_device_train_batch_size = %d, gradient_accumulation_steps = %d,"
                .formatted(micro, accumulated)
            + " num_generations = %d)\nt = GRPOTrainer(m, args = c)\n".formatted(group));
  }

  @ParameterizedTest
  @CsvSource({
    "dtype = None, r = 8, qlora,",
    "load_in_4bit = True, r = 8, qlora, nf4",
    "load_in_4bit = False, r = 8, lora,",
    "load_in_8bit = True, r = 8, lora, int8",
    "load_in_16bit = True, r = 8, lora,",
    "full_finetuning = True, r = 8, full,",
    "'load_in_4bit = True, full_finetuning = True', r = 8, full,",
    "load_in_4bit = False, 'r = 8, use_rslora = True', rslora,",
  })
  void four_bits_are_the_default(String load, String adapt, String method, String scheme) {
    assertThat(value(with(load, adapt), JobKey.METHOD)).isEqualTo(method);
    assertThat(value(with(load, adapt), JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "unsloth/llama-2-7b-bnb-4bit, load_in_4bit = False, unsloth/llama-2-7b,",
    "unsloth/gemma-3-4b-it-unsloth-bnb-4bit, load_in_16bit = True, unsloth/gemma-3-4b-it,",
    "unsloth/llama-2-7b-bnb-4bit, full_finetuning = True, unsloth/llama-2-7b,",
    "unsloth/llama-2-7b-bnb-4bit, load_in_4bit = True, unsloth/llama-2-7b-bnb-4bit, nf4",
    "unsloth/llama-2-7b-bnb-4bit, 'load_in_4bit=False, use_exact_model_name=False',"
        + " unsloth/llama-2-7b,",
    "unsloth/llama-2-7b-bnb-4bit, 'load_in_4bit=False, use_exact_model_name=True',"
        + " unsloth/llama-2-7b-bnb-4bit, nf4",
    "me/llama-2-7b-bnb-4bit, load_in_4bit = False, me/llama-2-7b-bnb-4bit, nf4",
  })
  void told_of_no_4_bits_it_loads_what_its_copy_was_made_of(
      String name, String load, String model, String scheme) {
    Reading reading =
        of(
            "a.py",
            "m = FastModel.from_pretrained('%s', %s)\nm = FastModel.get_peft_model(m, r = 8)\n"
                .formatted(name, load));

    assertThat(value(reading, JobKey.MODEL_ID)).isEqualTo(model);
    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "use_gradient_checkpointing = 'unsloth', offloaded",
    "use_gradient_checkpointing = True, full",
    "use_gradient_checkpointing = False, none",
    "r = 8,",
  })
  void checkpointing_is_an_argument_of_the_adapters(String adapt, String checkpointing) {
    Reading reading = with("load_in_4bit = True", adapt.replace('\'', '"'));

    assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo(checkpointing);
  }

  @Test
  void what_is_computed_is_refused_unless_a_flag_replaces_it() {
    Reading reading = with("load_in_4bit = True", "r = ranks[0]");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("a.py:2:33: get_peft_model.r is 'ranks[0]'")
        .hasMessageContaining("lora.rank replaces it");
  }

  @Test
  void what_another_file_configures_is_filled_in_from_outside() {
    Reading ranks = with("load_in_4bit = True", "r = config.lora.rank");
    Reading quantised = with("load_in_4bit = settings.quantised", "r = 8");

    assertThat(ranks.unreadable().get(JobKey.LORA_RANK).sentence().toString())
        .contains("config.lora.rank", "not known before the program runs");
    assertThat(quantised.unreadable().get(JobKey.METHOD).sentence().toString())
        .contains("settings.quantised", "not known before the program runs");
  }

  @Test
  void the_same_calls_on_apple_silicon_have_no_figure() {
    String program =
        """
        from unsloth import FastLanguageModel
        model, tokens = FastLanguageModel.from_pretrained("Qwen/Qwen3-8B", load_in_4bit=True)
        model = FastLanguageModel.get_peft_model(model, r=8)
        trainer = SFTTrainer(model=model, args=SFTConfig(max_length=64))
        """;

    assertThat(of("tune.py", program).notModelled()).isEmpty();
    assertThat(of("tune.py", program.replace("unsloth", "mlx_tune")).notModelled()).isPresent();
  }
}
