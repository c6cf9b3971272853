package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program trains that is not the model it loads, and what it says behind its calls. */
class WrappedModelTest {

  private static final String LOADS =
      """
      import torch
      base = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B", torch_dtype=torch.bfloat16)
      """;

  private static final String ARGUMENTS =
      "args = TrainingArguments('o', per_device_train_batch_size=8, bf16=True)\n";

  private static List<String> said(String program) {
    return of("train.py", program).findings().stream().map(Finding::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "class Reward(torch.nn.Module):, 'model = Reward(base)', model=model",
    "class Reward(nn.Module):, 'model = Reward(base).cuda()', model",
    "class Reward(nn.Module):, x = 1, model=Reward(base)",
    "class Reward(nn.Module):, self.model = Reward(base), model=self.model"
  })
  void a_class_around_the_model_is_said(String declares, String makes, String given) {
    String program =
        "%s\n    pass\n%s%s\n%sTrainer(%s, args=args).train()\n"
            .formatted(declares, LOADS, makes, ARGUMENTS, given);

    assertThat(said(program)).anyMatch(text -> text.contains("Reward is a class of the program"));
  }

  @Test
  void the_model_itself_is_no_such_class() {
    String program =
        "class Head(nn.Module):\n    pass\n"
            + LOADS
            + ARGUMENTS
            + "Trainer(model=base, args=args).train()\n";

    assertThat(said(program)).noneMatch(text -> text.contains("class of the program"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class TeacherDistilTrainer(Trainer):\n    pass\n%sTeacherDistilTrainer(base, args=args)",
        "class RewardTrainer(Trainer):\n    pass\n%s",
        "class KDTrainer(transformers.Trainer):\n    pass\n%s"
      })
  void the_stage_of_a_trainer_that_is_named_by_another_is_not_modelled(String program) {
    String whole = program.formatted(LOADS + ARGUMENTS) + "\n";

    assertThat(of("train.py", whole).notModelled())
        .hasValueSatisfying(gap -> assertThat(gap.toString()).contains("program's own"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class LoggingTrainer(Trainer):\n    pass\n%sLoggingTrainer(base, args=args)",
        "class KDTrainer(Trainer):\n    pass\n%sTrainer(base, args=args)"
      })
  void another_class_of_the_program_leaves_the_stage_as_it_is(String program) {
    String whole = program.formatted(LOADS + ARGUMENTS) + "\n";

    assertThat(of("train.py", whole).notModelled()).isEmpty();
  }

  @Test
  @Timeout(20)
  void many_such_classes_and_a_long_name_take_no_time() {
    String many =
        IntStream.range(0, 3_000)
            .mapToObj("class A%dDPOTrainer(Trainer):\n    pass\n"::formatted)
            .collect(Collectors.joining());
    String name = "DPO".repeat(30_000);
    String one = "class " + name + "(Trainer):\n    pass\n";
    String trains = LOADS + ARGUMENTS + "Trainer(base, args=args)\n";

    assertThat(of("train.py", many + trains).notModelled()).isEmpty();
    assertThat(of("train.py", one + trains).notModelled()).isEmpty();
  }

  @Test
  void arguments_that_no_trainer_takes_are_said() {
    assertThat(said(LOADS + ARGUMENTS)).anyMatch(text -> text.contains("makes no trainer"));
    assertThat(said(LOADS + ARGUMENTS + "Trainer(model=base, args=args).train()\n"))
        .noneMatch(text -> text.contains("makes no trainer"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', , ",
    "', autocast_adapter_dtype=False', bf16",
    "', autocast_adapter_dtype=True',"
  })
  void adapters_may_stay_in_the_dtype_of_the_model(String more, String dtype) {
    String adapts = "model = get_peft_model(base, LoraConfig(r=4, target_modules=['q_proj'])%s)\n";
    String program =
        LOADS + adapts.formatted(more) + ARGUMENTS + "Trainer(model=model, args=args).train()\n";

    assertThat(values(of("train.py", program)).get("lora.dtype")).isEqualTo(dtype);
  }

  @Test
  void what_an_object_is_given_behind_its_making_counts() {
    String later =
        "args.per_device_train_batch_size = 64\nargs.gradient_checkpointing = True\nargs._n = 3\n";
    String trains = "t = Trainer(model=base, args=args)\nt.train()\n";

    assertThat(values(of("train.py", LOADS + ARGUMENTS + later + trains)))
        .containsEntry("batch.micro_batch", 64)
        .containsEntry("checkpointing", "full");
    assertThat(values(of("train.py", LOADS + ARGUMENTS + trains + later)))
        .containsEntry("batch.micro_batch", 8);
  }

  @Test
  void what_it_may_be_given_is_said() {
    String later = "if len(rows) > 9:\n    args.per_device_train_batch_size = 64\n";
    String program = LOADS + ARGUMENTS + later + "Trainer(model=base, args=args).train()\n";

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 64);
    assertThat(said(program))
        .anyMatch(
            text ->
                text.contains("per_device_train_batch_size is 64 if len ( rows ) > 9")
                    && text.contains("which is assumed"));
  }

  @ParameterizedTest
  @CsvSource({
    "A = ap.parse_args(), A",
    "'ns, _ = ap.parse_known_args()', ns",
    "a = argparse.ArgumentParser().parse_args(), a"
  })
  void arguments_are_known_under_whichever_name(String parses, String name) {
    String program =
        LOADS
            + "ap = argparse.ArgumentParser()\n"
            + "ap.add_argument('--test', action='store_true')\n"
            + parses
            + "\nargs = TrainingArguments('o', per_device_train_batch_size=2 if "
                .replace("args =", "told =")
            + name
            + ".test else 4)\nTrainer(model=base, args=told).train()\n";

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if len(a) > 2:~    args = TrainingArguments('o')~else:~    args = TrainingArguments('p')~",
        "kw = dict(bf16=True)~if len(a) > 2:~    kw.update(bf16=False)~",
        "if len(a) > 2:~    base = get_peft_model(base, LoraConfig(r=4))~",
        "if len(a) > 2:~    base.gradient_checkpointing_enable()~",
        "QUANT = None~if len(a) > 2:~    QUANT = BitsAndBytesConfig(load_in_4bit=True)~",
        "TARGETS = ['q_proj']~if len(a) > 2:~    TARGETS = ['q_proj', 'v_proj']~"
            + "base = get_peft_model(base, LoraConfig(r=4, target_modules=TARGETS))~",
        "match a:~    case 'x':~        base = get_peft_model(base, LoraConfig(r=4))~",
        "def get(n):~    if n == 'a':~        return LoraConfig(r=8)~    return LoraConfig(r=4)~",
      })
  void a_branch_that_may_not_run_is_said_where_it_makes_a_job(String branches) {
    String program =
        LOADS
            + branches.replace("~", "\n")
            + ARGUMENTS
            + "Trainer(model=base, args=args).train()\n";

    assertThat(said(program)).anyMatch(text -> text.contains("whether it runs is not known"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if tokenizer.pad_token is None:~    tokenizer.pad_token = tokenizer.eos_token~",
        "if __name__ == '__main__':~    quant = BitsAndBytesConfig(load_in_4bit=True)~",
        "A = True~if A:~    quant = BitsAndBytesConfig(load_in_4bit=True)~",
        "with g():~    quant = BitsAndBytesConfig(load_in_4bit=True)~",
      })
  void any_other_branch_is_not(String branches) {
    String program =
        LOADS
            + branches.replace("~", "\n")
            + ARGUMENTS
            + "Trainer(model=base, args=args).train()\n";

    assertThat(said(program)).noneMatch(text -> text.contains("whether it runs is not known"));
  }

  @Test
  void what_a_trainer_is_given_behind_its_making_counts() {
    String told = "trainer.args.per_device_train_batch_size = 64\ntrainer.train()\n";
    String makes = "trainer = Trainer(model=base, args=args)\n";

    assertThat(values(of("train.py", LOADS + ARGUMENTS + makes + told)))
        .containsEntry("batch.micro_batch", 64);
  }
}
