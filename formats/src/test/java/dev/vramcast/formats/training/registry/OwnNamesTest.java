package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and programs that have names of their own for what a trainer is told. */
class OwnNamesTest {

  private static final String PROGRAM =
      """
      from peft import get_peft_model
      from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
      from lab.adapters import adapter_settings
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", dtype="bfloat16")
      model = get_peft_model(model, adapter_settings("small"))
      options = dict(per_device_train_batch_size=3, bf16=True, group_by_length=None)
      %s
      Trainer(model=model, args=TrainingArguments(**options)).train()
      """;

  @Test
  void a_file_that_has_its_batch_in_a_section_of_its_own_is_another_tool_s() {
    assertThatThrownBy(
            () ->
                Readings.of(
                    "job.yaml",
                    """
                    model_name: Qwen/Qwen2.5-7B
                    training: {per_device_train_batch_size: 2, num_train_epochs: 1}
                    """))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
  }

  @Test
  void the_batch_of_a_program_that_is_not_there_is_what_it_is_called() {
    Reading reading =
        Readings.of(
            "run.sh",
            "python lab/sft_own.py --model_name Qwen/Qwen2.5-7B --batch_size 2 --grad_accum 16"
                + " --max_len 3000\n");
    assertThat(Readings.values(reading))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("batch.sequence_length", 3000);
    assertThat(Readings.keys(reading, FindingCode.ASSUMED))
        .contains("batch_size", "grad_accum", "max_len");
  }

  @Test
  void an_option_that_scripts_have_wins_over_a_name_of_a_program_s_own() {
    Map<String, Object> values =
        Readings.values(
            Readings.of(
                "run.sh",
                "python own.py --model_name Qwen/Qwen2.5-7B --batch_size 64"
                    + " --per_device_train_batch_size 2 --max_seq_length 512 --seq_len 9\n"));
    assertThat(values)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void adapters_whose_configuration_another_module_holds_are_counted_and_said() {
    String taken = "options = {k: v for k, v in options.items() if v is not None}";
    Reading reading = Readings.of("tune.py", PROGRAM.formatted(taken));
    assertThat(Readings.values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("precision", "bf16-mixed");
    assertThat(reading.findings().toString()).contains("the adapter that is trained on");
  }

  @Test
  void a_batch_among_arguments_that_come_from_elsewhere_is_left_open() {
    Reading reading = Readings.of("tune.py", PROGRAM.formatted("options = everything(options)"));
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("not known before the program runs")
        .hasMessageContaining(JobKey.MICRO_BATCH.path());
  }

  @Test
  void when_it_saves_and_evaluates_no_step_needs() {
    String more = "options.update(save_steps=often(), eval_steps=often())";
    Reading reading =
        Readings.of(
            "tune.py",
            PROGRAM
                .formatted(more)
                .replace("group_by_length=None", "save_steps=often(), eval_steps=often()"));
    assertThat(reading.unreadable()).isEmpty();
    assertThat(Readings.values(reading)).containsEntry("batch.micro_batch", 3);
  }

  @Test
  void a_program_that_is_called_by_its_quantised_base_is_counted_with_one() {
    Reading reading =
        Readings.of(
            "run.sh", "python main_qlora.py --model_name_or_path Qwen/Qwen2.5-7B --lora_rank 8\n");
    assertThat(Readings.values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 8)
        .containsEntry("model.quantization.scheme", "nf4");
    assertThat(reading.findings().toString()).contains("called by a base in 4 bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model: {name: a/b}\nlora: {lora_r: 8}\ntraining: {max_seq_length: 9, num_train_epochs: 1}",
        "model: a/b\nlora: {r: 8}\n"
            + "training: {max_seq_length: 9, per_device_train_batch_size: 1}",
        "base_model: {name: a/b}\nlora: {r: 8}\ntrain: {gradient_accumulation_steps: 4}",
        "model_name: {value: a/b}\nargs: {value: {num_train_epochs: 1}}",
      })
  void sections_of_other_tools_are_no_framework_s(String text) {
    assertThatThrownBy(() -> Readings.of("own.yaml", text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
  }

  /** TOML is read by prime-rl and torchtitan alone. */
  @Test
  void a_toml_file_of_another_tool_is_no_job_of_trl() {
    assertThatThrownBy(
            () ->
                Readings.of(
                    "run.toml",
                    """
                    model_name = "Qwen/Qwen2.5-7B"
                    gradient_accumulation_steps = 4
                    num_generations = 4
                    lora_rank = 16
                    """))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
  }

  @Test
  void settings_of_a_program_of_one_s_own_train_adapters_where_they_have_a_rank() {
    String settings =
        """
        model_name: Qwen/Qwen2.5-7B
        max_seq_length: 1024
        load_in_4bit: true
        lora_rank: 24
        target_modules: [q_proj, v_proj]
        batch_size: 3
        """;

    Reading reading = Readings.of("own.yaml", settings);
    assertThat(Readings.values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.micro_batch", 3);
    assertThat(Readings.keys(reading, FindingCode.NOT_FOLLOWED)).contains("model_name");
    assertThat(Readings.keys(reading, FindingCode.ASSUMED)).contains("batch_size");
    assertThat(Readings.values(Readings.of("own.yaml", settings + "use_lora: false\n")))
        .containsEntry("method", "full");
    String trl = "model_name_or_path: Qwen/Qwen2.5-7B\nmax_length: 1024\nlora_r: 24\n";
    assertThat(Readings.values(Readings.of("sft.yaml", trl))).containsEntry("method", "full");
  }

  @Test
  void a_base_in_four_bits_of_a_program_of_one_s_own_carries_adapters() {
    String settings = "model_name: Qwen/Qwen2.5-7B\nmax_seq_length: 1024\nload_in_4bit: true\n";

    assertThat(Readings.values(Readings.of("own.yaml", settings))).containsEntry("method", "qlora");
  }
}
