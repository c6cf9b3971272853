package dev.vramcast.formats.training.sentence;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceReaderTest {

  @Test
  void a_program_that_trains_embeddings_has_their_stage() {
    Reading reading = ofSample("sentence/train.py");

    assertThat(reading.format()).isEqualTo(FormatName.SENTENCE_TRANSFORMERS);
    assertThat(values(reading))
        .containsEntry("model.id", "microsoft/mpnet-base")
        .containsEntry("objective.stage", "embedding")
        .containsEntry("batch.micro_batch", 64)
        .containsEntry("precision", "bf16-mixed");
  }

  @Test
  void a_loss_that_caches_gradients_brings_its_mini_batches() {
    assertThat(values(ofSample("sentence/train.py")))
        .containsEntry("objective.loss_type", List.of("CachedMultipleNegativesRankingLoss"))
        .containsEntry("objective.mini_batch", 32);
  }

  @Test
  void a_loss_around_another_brings_its_widths() {
    String program =
        sample("sentence/train.py")
            .replace(
                "args =", "loss = MatryoshkaLoss(model, loss, matryoshka_dims=[768, 256])\nargs =");

    assertThat(values(of("train.py", program)))
        .containsEntry("objective.matryoshka", List.of(768, 256))
        .containsEntry("objective.loss_type", List.of("CachedMultipleNegativesRankingLoss"));
  }

  @Test
  void a_guide_that_only_the_program_knows_has_to_be_named() {
    String program =
        sample("sentence/train.py").replace("CachedMultipleNegativesRankingLoss", "GISTEmbedLoss");

    assertThatThrownBy(() -> of("train.py", program).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("guide");
  }

  @Test
  void rerankers_are_not_modelled() {
    String program = sample("sentence/train.py").replace("SentenceTransformer", "CrossEncoder");

    assertThatThrownBy(() -> of("train.py", program).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }
}
