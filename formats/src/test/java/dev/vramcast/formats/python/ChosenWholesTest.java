package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        .anyMatch(text -> text.contains("gradient_accumulation_steps if not big"));
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
        .anyMatch(text -> text.contains("lora_target_modules is [q_proj, v_proj] if big"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] if big else ['full_shard']|[] if big",
        "None if big else ['full_shard']|None if big",
        "None if big else 'full_shard'|None if big",
        "[] if len(sys.argv) < 3 else ['full_shard']|[] if len(sys.argv) 3",
      })
  void nothing_beside_something_is_left_open(String fsdp, String open) {
    Reading reading = program("lora = None\nargs = SFTConfig(max_length=64, fsdp=" + fsdp + ")");

    assertThat(reading.unreadable()).containsKey(JobKey.STRATEGY);
    assertThat(said(reading)).anyMatch(text -> text.contains("'" + open + "'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[] if big else ['q_proj']", "[{'a': 1}] if big else ['q_proj']"})
  void so_are_targets_that_may_be_none_and_a_list_of_dictionaries(String targets) {
    Reading reading =
        program(
            "args = SFTConfig(max_length=64)\nlora = LoraConfig(target_modules=" + targets + ")");

    assertThat(reading.unreadable()).containsKey(JobKey.LORA_TARGETS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[] if big else []", "None if big else []", "None if big else None"})
  void nothing_beside_nothing_is_nothing(String fsdp) {
    Reading reading = program("lora = None\nargs = SFTConfig(max_length=64, fsdp=" + fsdp + ")");

    assertThat(reading.unreadable()).doesNotContainKey(JobKey.STRATEGY);
    assertThat(said(reading)).noneMatch(text -> text.contains("fsdp"));
  }

  @Test
  void a_dictionary_beside_none_has_entries_that_are_choices() {
    String uses = "\nargs = SFTConfig(max_length=64, **(more or {}))\nlora = LoraConfig(r=8)\n";
    String entries = "{'per_device_train_batch_size': 2, 'fsdp': ['full_shard']}";
    Reading taken = program("more = " + entries + " if big else None" + uses);
    Reading left = program("more = None if big else " + entries + uses);

    assertThat(value(taken, JobKey.MICRO_BATCH)).hasToString("2");
    assertThat(said(taken))
        .anyMatch(text -> text.contains("per_device_train_batch_size is 2 if big"))
        .anyMatch(text -> text.contains("fsdp is [full_shard] if big"));
    assertThat(left.unreadable()).containsKey(JobKey.MICRO_BATCH);
  }

  @Test
  void both_conditions_of_a_choice_in_a_choice_are_said() {
    Reading reading =
        program(
            """
            targets = ["q_proj"] if big else ["q_proj", "v_proj"]
            args = SFTConfig(max_length=64)
            rank = (64 if big else 32) if a or b else 16
            lora = LoraConfig(r=rank, target_modules=targets if c else "all-linear")
            """);

    assertThat(said(reading))
        .anyMatch(text -> text.contains("lora_target_modules is [q_proj] if big and c, which"))
        .anyMatch(text -> text.contains("lora_r is 64 if big and (a or b), which"));
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

    assertThat(said(twice)).anyMatch(text -> text.contains("'per_device_train_batch_size twice'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "target_modules=['k_proj'], **{'target_modules': ['q_proj']}|target_modules",
        "**{'target_modules': ['q_proj']}, target_modules=['k_proj']|target_modules",
        "**{'r': 8}, **({'r': 16} if big else {'r': 32})|r",
        "**{'r': 8}, r=16 if big else 32|r",
        "r=8, **{'r': some(1)}|r",
      })
  void so_is_one_whose_values_are_no_plain_ones(String given, String name) {
    Reading reading = program("args = SFTConfig(max_length=64)\nlora = LoraConfig(" + given + ")");

    assertThat(said(reading)).anyMatch(text -> text.contains("'" + name + " twice'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=8, **{'r': 8}",
        "target_modules=['q_proj'], r=8, **{'target_modules': ['q_proj']}",
        "r=8, **({} if big else {'r': 16})",
        "**({} if big else {'r': 16}), r=8",
      })
  void the_same_twice_and_one_that_may_be_missing_are_not(String given) {
    Reading reading = program("args = SFTConfig(max_length=64)\nlora = LoraConfig(" + given + ")");

    assertThat(value(reading, JobKey.LORA_RANK)).hasToString("8");
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
