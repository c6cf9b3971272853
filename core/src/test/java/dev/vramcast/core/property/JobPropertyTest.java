package dev.vramcast.core.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.run.RandomJobs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Laws that do not hold are planted, and the jobs looked at that are said to break them. */
class JobPropertyTest {

  private static final JobDocument LARGE =
      JobDocument.empty()
          .withFlag(JobKey.MODEL_ID, "org/model-7B")
          .with(
              JobKey.MODEL_CONFIG,
              Map.of("model_type", "llama", "hidden_size", 4096, "rope", List.of(1.5, 8)),
              Place.of("test"))
          .withFlag(JobKey.METHOD, "qlora")
          .withFlag(JobKey.LORA_TARGETS, "q_proj,k_proj,v_proj")
          .withFlag(JobKey.LORA_DROPOUT, "0.7")
          .withFlag(JobKey.MICRO_BATCH, "8")
          .withFlag(JobKey.SEQUENCE_LENGTH, "3000")
          .withFlag(JobKey.LOSS, "cce")
          .withFlag(JobKey.COMPILE, "true")
          .withFlag(JobKey.OFFLOAD, "parameters,optimizer");

  @Test
  void a_job_is_shrunk_to_the_keys_and_the_numbers_that_break_the_law() {
    AssertionError error =
        broken(
            job ->
                assertThat(tokens(job) >= 5000 && job.has(JobKey.LOSS)).as("too many").isFalse());

    assertThat(error)
        .hasMessageContaining("found by leaving out 7 of 10 keys:")
        .hasMessageContaining(
            """

            batch:
              micro_batch: 2
              sequence_length: 2500
            loss: full

            """)
        .hasMessageContaining("too many");
  }

  @Test
  void maps_and_lists_lose_what_does_not_matter() {
    AssertionError error =
        broken(
            job -> {
              Map<String, Object> config = job.modelConfig().orElse(Map.of());
              boolean wide = config.get("hidden_size") instanceof Number n && n.intValue() > 1000;
              assertThat(wide && targets(job).contains("k_proj")).isFalse();
            });

    assertThat(error)
        .hasMessageContaining(
            """

            model:
              config:
                hidden_size: 1001
            lora:
              targets: [k_proj]

            """);
  }

  @Test
  void a_law_that_no_job_satisfies_is_broken_by_the_empty_job() {
    assertThat(broken(job -> assertThat(1).isEqualTo(2))).hasMessageContaining("\n\n{}\n");
  }

  @Test
  void what_breaks_in_another_way_is_not_taken_for_the_same() {
    AssertionError error =
        broken(
            job -> {
              int length = job.value(JobKey.SEQUENCE_LENGTH, Integer.class).orElseThrow();
              assertThat(length).isLessThan(700);
            });

    assertThat(error).hasMessageContaining("\n\nbatch:\n  sequence_length: 700\n");
  }

  @Test
  void a_job_that_the_law_is_not_about_is_no_smaller_failing_one() {
    Consumer<JobDocument> law = job -> assertThat(job.has(JobKey.COMPILE)).isFalse();

    assertThatThrownBy(
            () ->
                JobProperty.forAll(random -> LARGE)
                    .assuming(job -> job.has(JobKey.METHOD))
                    .check(law))
        .hasMessageContaining("\n\nmethod: full\ncompile: false\n");
  }

  @Test
  void the_commands_name_the_test_and_the_seed_of_the_job() {
    Set<Long> drawn = new HashSet<>();
    AssertionError error =
        catchThrowableOfType(
            AssertionError.class,
            () ->
                JobProperty.forAll(random -> noted(drawn, random))
                    .check(job -> assertThat(drawn).hasSizeLessThan(5)));

    assertThat(error.getMessage())
        .containsPattern(
            "mvn -pl core -am test"
                + " -Dtest='JobPropertyTest#the_commands_name_the_test_and_the_seed_of_the_job'"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dvramcast.property.seed=\\d")
        .contains("./vramcast estimate job.yaml --explain");
  }

  @Test
  void the_same_random_numbers_give_the_same_job() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(RandomJobs.roll(new Random(seed)).toMap())
          .isEqualTo(RandomJobs.roll(new Random(seed)).toMap());
    }
  }

  @Test
  void so_many_jobs_are_tried_as_are_asked_for_and_only_those_of_the_kind() {
    List<JobDocument> tried = new ArrayList<>();

    JobProperty.forAll(RandomJobs::roll)
        .assuming(job -> job.has(JobKey.COMPILE))
        .jobs(100)
        .check(tried::add);

    assertThat(tried)
        .hasSize(Math.max(1, Integer.getInteger("vramcast.property.percent", 100)))
        .allMatch(job -> job.has(JobKey.COMPILE));
  }

  @Test
  void a_condition_that_no_job_meets_is_said() {
    assertThatThrownBy(
            () -> JobProperty.forAll(random -> LARGE).jobs(1).assuming(job -> false).check(a -> {}))
        .hasMessageContaining("only 0 of ");
  }

  private static AssertionError broken(Consumer<JobDocument> law) {
    return catchThrowableOfType(
        AssertionError.class, () -> JobProperty.forAll(random -> LARGE).check(law));
  }

  private static JobDocument noted(Set<Long> drawn, Random random) {
    drawn.add(random.nextLong());
    return LARGE;
  }

  private static int tokens(JobDocument job) {
    return job.value(JobKey.MICRO_BATCH, Integer.class).orElse(1)
        * job.value(JobKey.SEQUENCE_LENGTH, Integer.class).orElse(1);
  }

  private static List<?> targets(JobDocument job) {
    return job.value(JobKey.LORA_TARGETS, List.class).orElse(List.of());
  }
}
