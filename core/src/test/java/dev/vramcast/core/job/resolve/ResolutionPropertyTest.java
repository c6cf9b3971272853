package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.property.JobProperty;
import org.junit.jupiter.api.Test;

class ResolutionPropertyTest {

  private static JobProperty everyJob() {
    return JobProperty.forAll(Jobs::random);
  }

  @Test
  void a_job_of_settings_that_fit_together_resolves() {
    everyJob().check(job -> assertThat(JobResolver.resolve(job).job()).isNotNull());
  }

  @Test
  void a_resolved_job_resolves_to_itself_from_its_own_document() {
    everyJob()
        .assuming(ResolutionPropertyTest::resolves)
        .check(
            job -> {
              Resolution first = JobResolver.resolve(job);
              Resolution again = JobResolver.resolve(first.document());
              assertThat(again.job()).isEqualTo(first.job());
              assertThat(again.document().toMap()).isEqualTo(first.document().toMap());
            });
  }

  @Test
  void what_the_user_sets_is_never_changed() {
    everyJob()
        .assuming(ResolutionPropertyTest::resolves)
        .check(
            job -> {
              JobDocument settled = JobResolver.settled(job);
              for (ResolvedValue value : JobResolver.resolve(job).values(Provenance.SET)) {
                Object given = settled.entry(value.key()).orElseThrow().value();
                assertThat(given).isEqualTo(value.value());
              }
            });
  }

  @Test
  void every_value_has_a_reason_and_a_legal_value() {
    everyJob()
        .assuming(ResolutionPropertyTest::resolves)
        .check(
            job -> {
              Resolution resolution = JobResolver.resolve(job);
              assertThat(resolution.values()).allMatch(value -> !value.note().isBlank());
              for (JobDocument.Entry entry : resolution.document().entries().values()) {
                Object plain = entry.key().kind().plain(entry.value());
                assertThat(entry.key().read(plain, Place.of("here"))).isEqualTo(entry.value());
              }
            });
  }

  private static boolean resolves(JobDocument job) {
    try {
      JobResolver.resolve(job);
      return true;
    } catch (InputException e) {
      return false;
    }
  }
}
