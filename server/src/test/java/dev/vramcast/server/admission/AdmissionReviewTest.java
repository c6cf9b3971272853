package dev.vramcast.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionReviewTest {

  /** Columns: the name of a job, and what it is called in messages. */
  @ParameterizedTest
  @CsvSource({
    "train, job/train",
    "train.v2, job/train.v2",
    "llama-3.1-8b.prod, job/llama-3.1-8b.prod",
    "train.py, job/train-py",
    "train.v2.YAML, job/train.v2-YAML",
    "../train., job/--/train-",
    "'a b', job/a-b",
  })
  void a_job_keeps_its_name_where_that_does_not_tell_a_files_kind(String name, String called) {
    Map<String, Object> manifest = Map.of("kind", "Job", "metadata", Map.of("name", name));
    AdmissionReview review = new AdmissionReview("7f0b", manifest, Optional.of("t4"), false);

    assertThat(review.question().orElseThrow().get("files"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .extracting(file -> ((Map<?, ?>) file).get("name"))
        .isEqualTo(List.of(called));
  }
}
