package dev.vramcast.answers.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.source.ModelLocator;
import dev.vramcast.catalog.source.ModelRequest;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeakTextTest {

  @Test
  void the_step_is_named_with_its_phase() {
    assertThat(PeakText.of(estimate("lora", "2048")))
        .isEqualTo("in the step, 'backward, loss and head'");
  }

  @Test
  void a_load_that_takes_more_than_the_step_is_named() {
    assertThat(PeakText.of(estimate("pissa", "16")))
        .isEqualTo("while the model loads, which takes more than a step");
  }

  private static RankEstimate estimate(String method, String tokens) {
    Architecture model =
        ModelLocator.ofProcess()
            .locate(
                new ModelRequest("llama-3.1-8b", Optional.empty(), ModelRequest.Network.FORBIDDEN))
            .architecture();
    JobDocument job =
        JobDocument.empty()
            .withFlag(JobKey.METHOD, method)
            .withFlag(JobKey.SEQUENCE_LENGTH, tokens);
    return MemoryEstimator.estimate(model, JobResolver.resolve(job).job(), Optional.empty())
        .worst();
  }
}
