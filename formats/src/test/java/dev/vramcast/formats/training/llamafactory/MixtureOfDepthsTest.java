package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A package that runs under no release which LLaMA-Factory allows now. */
class MixtureOfDepthsTest {

  private static Reading with(String text) {
    return of("a.yaml", "model_name_or_path: a/b\nstage: sft\nfinetuning_type: full\n" + text);
  }

  /** Releases whose Transformers MoD ran under are told by a version. */
  @Test
  void mixture_of_depths_stops_where_its_package_does() {
    Reading reading = with("mixture_of_depths: convert\nmy_key: 1\n");

    assertThat(keys(reading, FindingCode.REFUSED)).containsExactly("mixture_of_depths");
    assertThat(reading.findings())
        .anyMatch(one -> one.message().toString().contains("MoD 1.2.0 stops in the first pass"));
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).containsExactly("my_key");
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "mixture_of_depths is 'convert', but MoD 1.2.0 stops in the first pass");
    assertThat(with("mixture_of_depths: null").notModelled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.9.5, true", "0.9.6, true", "0.9.4, false", "0.8.3, false"})
  void a_release_that_is_named_is_held_against_the_one_that_is_known(String named, boolean stops) {
    JobDocument given = JobDocument.empty().withFlag(JobKey.FRAMEWORK_VERSION, named);
    TrainingFile file =
        TrainingText.of(
            "model_name_or_path: a/b\nstage: sft\nfinetuning_type: full\nmixture_of_depths: load\n",
            "a.yaml");
    Reading reading =
        TrainingFiles.read(List.of(file.with(given)), Optional.empty(), path -> Optional.empty());

    assertThat(reading.notModelled().isEmpty()).isEqualTo(stops);
    assertThat(keys(reading, FindingCode.REFUSED).isEmpty()).isNotEqualTo(stops);
  }
}
