package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many examples a run passes over at most, by its file. */
class ExampleLimitTest {

  private static final String FACTORY =
      "model_name_or_path: a/b~stage: sft~finetuning_type: lora~cutoff_len: 8~template: default~";
  private static final String SWIFT = "swift sft --model a/b --max_length 8 --dataset ";
  private static final String VERL =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b"
          + " data.max_prompt_length=8 data.max_response_length=8";
  private static final String RLHF = "deepspeed --module openrlhf.cli.";

  private static Reading read(String text) {
    boolean command = !text.contains("~");
    return of(command ? "run.sh" : "a.yaml", text.replace("~", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        FACTORY + "dataset: one~max_samples: 1000; 1000",
        FACTORY + "dataset: one,two~max_samples: 1000; 2000",
        FACTORY + "max_samples: 1000; 1000",
        SWIFT + "a/one#500 b/two:sub#20; 520",
        SWIFT + "'a/one#500'; 500",
        VERL + " data.train_max_samples=64; 64",
        RLHF + "train_sft --pretrain a/b --max_len 8 --max_samples 70; 70",
        RLHF + "train_ppo_ray --pretrain a/b --data.max_samples 70; 70",
      })
  void examples_are_no_more_than_a_file_takes_of_its_data(String text, long examples) {
    assertThat(values(read(text))).containsEntry("data.examples", examples);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        FACTORY + "dataset: one~x: 1",
        FACTORY + "dataset: one~max_samples: 1000~max_steps: 5",
        SWIFT + "a/one#500 b/two",
        SWIFT + "a/one#500 --max_steps 9",
        VERL + " data.train_max_samples=-1",
        VERL + " data.train_max_samples=64 trainer.total_training_steps=5",
      })
  void nothing_is_counted_where_a_file_takes_all_or_ends_by_steps(String text) {
    assertThat(values(read(text))).doesNotContainKey("data.examples");
  }

  @Test
  void the_limit_is_named_as_one() {
    assertThat(read(FACTORY + "dataset: one,two~max_samples: 1000").findings())
        .anySatisfy(
            found ->
                assertThat(found.toString())
                    .contains("max_samples is 1000: a run has at most 2000 examples"));
  }

  @Test
  void rows_that_a_data_set_lacks_are_taken_again() {
    assertThat(read(SWIFT + "'a/one#500'").findings())
        .anySatisfy(found -> assertThat(found.toString()).contains("a run has 500 examples"));
  }

  @Test
  void a_limit_that_is_filled_in_elsewhere_keeps_no_step_from_being_counted() {
    Reading reading = read(FACTORY + "dataset: one~max_samples: ${N}");

    assertThat(reading.unreadable()).isEmpty();
    assertThat(reading.findings())
        .anySatisfy(found -> assertThat(found.toString()).contains("max_samples"));
  }
}
