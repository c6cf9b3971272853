package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

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

  private static boolean isBranch(Finding finding) {
    return finding.code() == FindingCode.ASSUMED && finding.key().equals("if");
  }
}
