package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeftOutTest {

  private static Reading program(String four) {
    return of(
        "tune.py",
        """
        from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
        FOUR = %s
        if FOUR:
            model = AutoModelForCausalLM.from_pretrained("a/b", load_in_4bit=True)
            model = get_peft_model(model, LoraConfig(r=4))
        else:
            model = AutoModelForCausalLM.from_pretrained("c/d")
        if FOUR:
            print("four bits")
        trainer = Trainer(model=model, args=TrainingArguments(per_device_train_batch_size=2))
        trainer.train()
        """
            .formatted(four));
  }

  @Test
  void a_branch_that_is_left_out_is_named_by_its_line() {
    assertThat(values(program("True"))).containsEntry("model.id", "a/b");
    assertThat(program("True").findings())
        .filteredOn(LeftOutTest::isBranch)
        .hasSize(1)
        .allSatisfy(left -> assertThat(left.line()).isEqualTo(6));
    assertThat(values(program("False"))).containsEntry("model.id", "c/d");
    assertThat(program("False").findings())
        .filteredOn(LeftOutTest::isBranch)
        .extracting(Finding::line)
        .containsExactly(3);
  }

  @Test
  void where_nothing_decides_all_branches_are_read_and_each_that_makes_a_job_is_named() {
    assertThat(program("len(x) > 2").findings())
        .filteredOn(LeftOutTest::isBranch)
        .allSatisfy(read -> assertThat(read.message().toString()).contains("branch is read"))
        .extracting(Finding::line)
        .containsExactly(3, 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "if g():~    m = AutoModelForCausalLM.from_pretrained('a/b')~    A = 1~else:~"
            + "    m = AutoModelForCausalLM.from_pretrained('c/d')~"
            + "    A = 2~Trainer(m, TrainingArguments('o')); 5",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~if g():~"
            + "    args = TrainingArguments('o', bf16=True)~elif h():~"
            + "    args = TrainingArguments('o')~Trainer(m, args); 5",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~try:~"
            + "    args = TrainingArguments('o', bf16=True)~except E:~"
            + "    args = TrainingArguments('o')~Trainer(m, args); 5",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~def make(big):~    if big:~"
            + "        return TrainingArguments('o', bf16=True)~    return TrainingArguments('o')~"
            + "Trainer(m, make(g())); 5",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~match g():~    case 1:~"
            + "        c = LoraConfig(r=4)~    case 2:~        c = LoraConfig(r=8)~"
            + "Trainer(get_peft_model(m, c), TrainingArguments('o')); 6",
      })
  void what_is_made_otherwise_in_another_branch_is_said(String text, int line) {
    assertThat(mixed(text)).extracting(Finding::line).containsExactly(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m = AutoModelForCausalLM.from_pretrained('a/b')~if g():~"
            + "    m = get_peft_model(m, LoraConfig(r=4))~if h():~"
            + "    ref = AutoModelForCausalLM.from_pretrained('c/d')~"
            + "Trainer(m, TrainingArguments('o'))",
        "if g():~    m = AutoModelForCausalLM.from_pretrained('a/b')~else:~"
            + "    m = AutoModelForCausalLM.from_pretrained('a/b')~"
            + "Trainer(m, TrainingArguments('o'))",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~if g():~"
            + "    t = Trainer(m, TrainingArguments('o'), train_dataset=a)~else:~"
            + "    t = Trainer(m, TrainingArguments('o'), train_dataset=b)",
        "m = AutoModelForCausalLM.from_pretrained('a/b')~t = Trainer(m, TrainingArguments('o'))~"
            + "t.train()~if g():~    m = AutoModelForCausalLM.from_pretrained('o')~else:~"
            + "    m = AutoModelForCausalLM.from_pretrained('p')",
      })
  void what_is_made_alike_or_in_no_other_branch_is_not(String text) {
    assertThat(mixed(text)).isEmpty();
  }

  private static List<Finding> mixed(String text) {
    return of("tune.py", text.replace('~', '\n') + "\n").findings().stream()
        .filter(finding -> finding.message().toString().contains("in another branch too"))
        .filter(finding -> finding.code() == FindingCode.NOT_FOLLOWED)
        .toList();
  }

  private static boolean isBranch(Finding finding) {
    return finding.code() == FindingCode.ASSUMED && finding.key().equals("if");
  }
}
