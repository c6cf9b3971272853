package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of several arguments those count that the trainer which trains is told. */
class NamedArgumentsTest {

  private static final String MODEL =
      "model = AutoModelForCausalLM.from_pretrained(\"a/b\", dtype=\"bfloat16\")\n";

  private static final String BOTH =
      MODEL
          + "small = SFTConfig(output_dir=\"o\", per_device_train_batch_size=1, max_length=64)\n"
          + "large = SFTConfig(output_dir=\"o\", per_device_train_batch_size=16, max_length=64)\n";

  private static Object microBatch(String program) {
    return value(of("a.py", program), JobKey.MICRO_BATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SFTTrainer(model=model, args=NAME)",
        "SFTTrainer(model, NAME, train_dataset=data)",
        "SFTTrainer(\n    model=load(\"a, )\", 1),  # args=none, of )\n    args=NAME,\n)"
      })
  void the_name_in_its_call_says_which(String trainer) {
    String program = BOTH + "t1 = " + trainer + "\nt1.train()\n";

    assertThat(microBatch(program.replace("NAME", "small"))).isEqualTo(1);
    assertThat(microBatch(program.replace("NAME", "large"))).isEqualTo(16);
  }

  @Test
  void arguments_of_a_stated_type_have_a_name_too() {
    String program =
        BOTH.replace("small =", "small: SFTConfig =").replace("large =", "large: \"SFTConfig\" =")
            + "t1: SFTTrainer = SFTTrainer(model, args=NAME)\nt1.train()\n";

    assertThat(microBatch(program.replace("NAME", "small"))).isEqualTo(1);
    assertThat(microBatch(program.replace("NAME", "large"))).isEqualTo(16);
  }

  @Test
  void another_trainer_before_it_does_not_matter() {
    String program =
        BOTH
            + "t0 = SFTTrainer(model=model, args=large)\n"
            + "t1 = SFTTrainer(model=model, args=small)\n"
            + "t1.train()\n";

    assertThat(microBatch(program)).isEqualTo(1);
    assertThat(microBatch(program.replace("t1.train", "t0.train"))).isEqualTo(16);
  }

  @Test
  void two_in_a_line_have_their_own() {
    String program =
        BOTH
            + "t0 = SFTTrainer(model, small); t0.train()\n"
            + "a, b = [SFTTrainer(model, args=small), SFTTrainer(model, args=large)]\n";

    assertThat(microBatch(program)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFTConfig", "IA3Config", "GPTQConfig", "LoraConfig", "OPTConfig"})
  void configurations_of_others_are_no_arguments(String other) {
    String program =
        MODEL
            + "small = SFTConfig(output_dir=\"o\", per_device_train_batch_size=1)\n"
            + "t0 = SFTTrainer(model=model, args=small)\n"
            + "large = SFTConfig(output_dir=\"o\", per_device_train_batch_size=16)\n"
            + "other = OTHER(r=32)\n".replace("OTHER", other)
            + "t1 = SFTTrainer(model=model, **given)\n"
            + "t1.train()\n";

    assertThat(microBatch(program)).isEqualTo(16);
    assertThat(microBatch(program.replace("**given", "args=large"))).isEqualTo(16);
  }
}
