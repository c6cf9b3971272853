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
    assertThat(reading.findings())
        .anyMatch(found -> found.message().toString().contains("mini-batches of its own"));
  }

  @Test
  void rerankers_are_not_modelled() {
    String program = sample("sentence/train.py").replace("SentenceTransformer", "CrossEncoder");

    assertThatThrownBy(() -> of("train.py", program).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }
}
