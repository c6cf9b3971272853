package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import org.junit.jupiter.api.Test;

class ResolutionPropertyTest {

  @Test
  void a_resolved_job_resolves_to_itself_from_its_own_document() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Resolution first = JobResolver.resolve(Jobs.random(seed));
              Resolution again = JobResolver.resolve(first.document());
              assertThat(again.job()).isEqualTo(first.job());
              assertThat(again.document().toMap()).isEqualTo(first.document().toMap());
            });
  }

  @Test
  void what_the_user_sets_is_never_changed() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              JobDocument document = Jobs.random(seed);
              Resolution resolution = JobResolver.resolve(document);
              for (ResolvedValue value : resolution.values(Provenance.SET)) {
                assertThat(document.entry(value.key()).orElseThrow().value())
                    .isEqualTo(value.value());
              }
            });
  }

  @Test
  void every_value_has_a_reason_and_a_legal_value() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Resolution resolution = JobResolver.resolve(Jobs.random(seed));
              assertThat(resolution.values()).allMatch(value -> !value.note().isBlank());
              for (JobDocument.Entry entry : resolution.document().entries().values()) {
                Object plain = entry.key().kind().plain(entry.value());
                assertThat(entry.key().read(plain, "here")).isEqualTo(entry.value());
              }
            });
  }
}
