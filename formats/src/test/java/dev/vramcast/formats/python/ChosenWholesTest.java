package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dictionaries and lists of which one line has two, and arguments that a program gives twice. */
class ChosenWholesTest {

  private static Reading program(String lines) {
    return of(
        "a.py",
        "import sys\nfrom trl import SFTConfig, SFTTrainer\nbig = len(sys.argv) > 3\n"
            + "model = AutoModelForCausalLM.from_pretrained('a/b', dtype='bfloat16')\n"
            + lines
            + "\nSFTTrainer(model=model, args=args, peft_config=lora).train()\n");
  }

  private static List<String> said(Reading reading) {
    return reading.findings().stream().map(found -> found.message().toString()).toList();
  }

  @Test
  void a_dictionary_of_two_is_said_for_each_entry_that_differs() {
    Reading reading =
        program(
            """
            SMALL = {"r": 8, "lora_alpha": 16}
            BIG = {"r": 64, "lora_alpha": 16}
            args = SFTConfig(max_length=64)
            lora = LoraConfig(**(BIG if big else SMALL))
            """);

    assertThat(value(reading, JobKey.LORA_RANK)).hasToString("64");
    assertThat(said(reading))
        .anyMatch(text -> text.contains("lora_r is 64 if big, which is assumed"))
        .noneMatch(text -> text.contains("lora_alpha is"));
  }

  @Test
  void an_entry_of_the_other_dictionary_alone_is_left_open() {
    Reading reading =
        program(
            """
            batch = {"bf16": True} if big else {"bf16": True, "gradient_accumulation_steps": 8}
            args = SFTConfig(max_length=64, **batch)
            lora = LoraConfig(r=8)
            """);

    assertThat(said(reading))
        .anyMatch(text -> text.contains("<gradient_accumulation_steps if not big>"));
  }

  @Test
  void a_list_of_two_is_said_once_and_read_as_a_list() {
    Reading reading =
        program(
            """
            targets = ["q_proj", "v_proj"] if big else ["q_proj", "k_proj", "v_proj"]
            args = SFTConfig(max_length=64)
            lora = LoraConfig(r=8, target_modules=targets)
            """);

    assertThat(value(reading, JobKey.LORA_TARGETS)).isEqualTo(List.of("q_proj", "v_proj"));
    assertThat(said(reading))
        .anyMatch(text -> text.contains("lora_target_modules is a list of 2 if big"));
  }

  @Test
  void both_sides_alike_are_no_choice() {
    Reading reading =
        program(
            """
            targets = ["q_proj"] if big else ["q_proj"]
            args = SFTConfig(max_length=64)
            lora = LoraConfig(r=8, target_modules=targets)
            """);

    assertThat(said(reading)).noneMatch(text -> text.contains("lora_target_modules"));
  }

  @Test
  void an_argument_that_is_unpacked_too_is_given_twice() {
    Reading twice =
        program(
            """
            base = {"per_device_train_batch_size": 4}
            args = SFTConfig(max_length=64, per_device_train_batch_size=1, **base)
            lora = LoraConfig(r=8)
            """);

    assertThat(said(twice))
        .anyMatch(text -> text.contains("'<per_device_train_batch_size twice>'"));
  }

  @Test
  void a_cast_of_the_model_tells_what_its_dtype_is() {
    Reading reading =
        program(
            """
            model.half()
            args = SFTConfig(
                max_length=64,
                fp16=model.dtype == torch.float16,
                bf16=model.dtype == torch.bfloat16)
            lora = LoraConfig(r=8)
            """);

    assertThat(value(reading, JobKey.PRECISION)).isEqualTo("fp16-mixed");
  }
}
