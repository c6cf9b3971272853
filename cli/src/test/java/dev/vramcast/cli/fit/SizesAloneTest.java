package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says how much memory a card has, and not which it is. */
class SizesAloneTest {

  private static CliRun run(String... args) {
    return CliRun.of(List.of(args));
  }

  @Test
  @Tag("slow")
  void the_most_of_a_card_that_is_named_by_its_size_is_that_of_any_such_card() {
    String amount = run("max", "--memory", "24GB").out();

    assertThat(amount).contains("What a card of 24GB can train", "llama-3.1-8b");
    assertThat(run("max", "--gpu", "24GB").out()).isEqualTo(amount);
  }

  @ParameterizedTest
  @ValueSource(strings = {"24 GB", "24gb"})
  void a_batch_is_searched_for_it_too(String size) {
    CliRun run = run("max", "--offline", "--batch", "--model", "qwen2.5-0.5b", "--gpu", size);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains(" on a card of 24GB takes a micro-batch of ");
  }

  @Test
  void memory_by_its_other_names_leads_to_what_a_command_takes() {
    assertThat(run("max", "--vram", "lots").err()).contains("Did you mean '--memory'?");
    assertThat(run("fit", "--vram").err()).contains("Did you mean '--gpu'?");
    for (String size : List.of("24", "24GB", "24 gb", "24G")) {
      assertThat(run("max", "--vram", size).err()).contains("Did you mean '--memory 24GB'?");
      assertThat(run("fit", "--vram", size).err()).contains("Did you mean '--gpu 24GB'?");
    }
    assertThat(run("fit", "--gpu-memory=24GiB").err()).contains("Did you mean '--gpu 24GiB'?");
  }

  @Test
  void memory_without_a_unit_leads_to_one() {
    assertThat(run("max", "--memory", "8").err()).contains("Did you mean '8GiB'?");
    assertThat(run("max", "--memory", "eight").err()).doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--lr", "--learning_rate", "--seed", "--weight-decay"})
  void what_no_figure_depends_on_is_called_so(String option) {
    assertThat(run("fit", "--model", "llama-3.1-8b", option, "1").err())
        .contains("unknown option '" + option + "': neither memory nor time depends on it");
  }

  /** The second is longer than sequences usually are. */
  @ParameterizedTest
  @ValueSource(ints = {256, 2048})
  @Tag("slow")
  void a_sequence_is_longer_than_what_an_evaluation_draws_behind_its_prompt(int drawn) {
    String job =
        "max --offline --sequence --model llama-3.2-1b --method qlora --gpu l4 --stage orpo"
            + " --evaluation-batches 10 --evaluation-new-tokens "
            + drawn;
    CliRun run = CliRun.of(List.of(job.split(" ")));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).matches("(?s).* takes? sequences of .*");
  }
}
